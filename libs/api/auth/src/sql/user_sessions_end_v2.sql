-- Ends all sessions of a user but p_kept, which may be null.
--
-- Returns the changes to publish in the user's personal feed, each at a rev of its own; no row if there is no session.
-- Locks: none of its own. The caller holds the locks of the sessions and of the personal head.
create or replace function user_sessions_end_v2(p_user uuid, p_reason text, p_kept uuid)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_session uuid;
begin
  for v_session in
    select s.id
    from sessions s
    where s.user_id = p_user and s.ended_at is null and s.id is distinct from p_kept
  loop
    return query
      update sessions s
      set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = personal_bump_v1(p_user)
      where s.id = v_session
      returning s.user_id, s.feed_rev, 'session', json_build_object('id', s.id, 'ended_at', s.ended_at);
  end loop;
end
$$;
