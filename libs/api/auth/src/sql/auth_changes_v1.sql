-- Returns the user's own profile and sessions that changed in a user's personal feed after the rev p_rev.
--
-- A part of personal_changes_v3. Each row: kind, rev, data (the latest state), about (the user it concerns, or null).
create or replace function auth_changes_v1(p_user uuid, p_rev bigint)
returns table (kind text, rev bigint, data json, about uuid)
language sql stable as $$
  select 'user', u.feed_rev, author_json_v1(u), null::uuid
  from users u
  where u.id = p_user and u.feed_rev > p_rev
  union all
  select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
  from sessions s
  where s.user_id = p_user and s.feed_rev > p_rev
$$;
