-- Ends a session.
--
-- Returns one row with the user and the rev of their personal feed; no row if the session had ended before.
-- Locks: the session, the personal head.
create or replace function session_end_v1(p_session uuid, p_reason text)
returns table (user_id uuid, rev bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_user uuid;
  v_rev bigint;
begin
  select s.user_id into v_user
  from sessions s
  where s.id = p_session and s.ended_at is null
  for no key update;
  if not found then
    return;
  end if;

  v_rev := personal_bump_v1(v_user);
  update sessions s
  set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = v_rev
  where s.id = p_session;
  return query select v_user, v_rev;
end
$$;
