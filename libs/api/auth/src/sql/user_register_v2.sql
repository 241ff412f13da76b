-- Turns a guest into a member. The user keeps the row and the id, and so everything attached to them.
--
-- p_session is the session of the request; the new session p_successor replaces it and expires in p_ms milliseconds.
-- All other sessions end, and the guest's recovery code is deleted: whoever has a token or the code of the guest must
-- not get into the account.
-- p_key is the normalised username, p_skeleton its UTS #39 skeleton; both are unique. p_hash is the password hash.
-- Returns one row with a verdict and the ids of the other sessions, which have ended; no row if the user is deleted or
-- p_session has ended. The ended ones count as replaced, without an overlap: their devices keep what they stored.
-- Verdicts:
--   registered  done; in the user's personal feed, rev - 1 is the user's change and rev that of the new session
--   taken       another user has this username or a look-alike; nothing has changed, rev is null
--   member      the user is not a guest; nothing has changed, rev is null
-- Locks: the user, the sessions, the personal head, the recovery codes.
create or replace function user_register_v2(
  p_user uuid, p_session uuid, p_successor uuid, p_username text, p_key text, p_skeleton text, p_hash text, p_ms bigint
)
returns table (verdict text, rev bigint, ended uuid[])
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_kind text;
  v_rev bigint;
  v_verdict text := 'registered';
  v_ended uuid[];
begin
  select u.kind into v_kind
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  if v_kind <> 'guest' then
    return query select 'member', null::bigint, null::uuid[];
    return;
  end if;
  -- Before the personal head, as in session_end_v1.
  select array_agg(l.id) into v_ended
  from (
    select s.id
    from sessions s
    where s.user_id = p_user and s.ended_at is null
    order by s.id
    for no key update
  ) l;
  if p_session = any (v_ended) is not true then
    return;
  end if;
  v_ended := array_remove(v_ended, p_session);

  -- The exception rolls this block back, the revs included.
  begin
    v_rev := personal_bump_v1(p_user);
    update users u
    set
      kind = 'member',
      username = p_username,
      username_key = p_key,
      username_skeleton = p_skeleton,
      password_hash = p_hash,
      tag = null,
      profile_rev = u.profile_rev + 1,
      feed_rev = v_rev
    where u.id = p_user;
    v_rev := personal_bump_v1(p_user);
    insert into sessions (id, user_id, label, expires_at, feed_rev)
    select p_successor, s.user_id, s.label, clock_timestamp() + p_ms * interval '1 millisecond', v_rev
    from sessions s
    where s.id = p_session;
    update sessions s
    set replaced_by = p_successor, replaced_at = clock_timestamp()
    where s.id = p_session;
    update sessions s
    set replaced_by = p_successor, replaced_at = clock_timestamp(), ended_at = clock_timestamp()
    where s.id = any (v_ended);
    delete from recovery_codes c where c.user_id = p_user;
  exception when unique_violation then
    v_verdict := 'taken';
    v_rev := null;
    v_ended := null;
  end;
  return query select v_verdict, v_rev, v_ended;
end
$$;
