-- Ends all sessions of a user, as user_sessions_end_v2 does without p_kept.
create or replace function user_sessions_end_v1(p_user uuid, p_reason text)
returns setof personal_told_v1
language sql volatile as $$
  select e.user_id, e.rev, e.kind, e.data
  from user_sessions_end_v2(p_user, p_reason, null) e
$$;
