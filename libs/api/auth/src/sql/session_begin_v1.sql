-- Begins a session: logs a user in on one more device.
--
-- p_hash is the password hash that the caller has verified; null for a user without a password. p_ms is the lifetime
-- of the session in milliseconds.
-- Returns one row with the user and the rev of their personal feed; no row if the user is deleted, or if their
-- password has changed since the caller read it.
-- Locks: the user, the personal head.
create or replace function session_begin_v1(p_session uuid, p_user uuid, p_hash text, p_label text, p_ms bigint)
returns table (rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_rev bigint;
begin
  perform
  from users u
  where u.id = p_user and u.anonymised_at is null and u.password_hash is not distinct from p_hash
  for no key update;
  if not found then
    return;
  end if;

  v_rev := personal_bump_v1(p_user);
  insert into sessions (id, user_id, label, expires_at, feed_rev)
  values (p_session, p_user, p_label, clock_timestamp() + p_ms * interval '1 millisecond', v_rev);
  update users u
  set last_seen_at = clock_timestamp()
  where u.id = p_user;

  return query
    select v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
    from users u
    where u.id = p_user;
end
$$;
