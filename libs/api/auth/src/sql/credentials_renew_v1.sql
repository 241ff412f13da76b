-- Ends what a user's former password gave access to: all sessions but p_kept, which may be null, and API tokens unless
-- p_keeps_tokens.
--
-- Returns the changes to publish in the user's personal feed.
-- Locks: the sessions, the personal head, the API tokens. The caller holds the lock of the user.
create or replace function credentials_renew_v1(p_user uuid, p_kept uuid, p_keeps_tokens boolean)
returns setof personal_told_v1
language plpgsql volatile as $$
begin
  -- Before the personal head, as in session_end_v1.
  perform
  from sessions s
  where s.user_id = p_user and s.ended_at is null
  order by s.id
  for no key update;
  return query
    select e.user_id, e.rev, e.kind, e.data
    from user_sessions_end_v2(p_user, 'revoked', p_kept) e;
  update api_tokens t
  set revoked_at = clock_timestamp()
  where t.user_id = p_user and t.revoked_at is null and not p_keeps_tokens;
end
$$;
