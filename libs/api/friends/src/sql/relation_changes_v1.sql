-- Returns friendships, blocks and personal settings that changed in a user's personal feed after the rev p_rev.
--
-- A part of personal_changes_v3. Each row: kind, rev, data (the latest state), about (the user it concerns, or null).
create or replace function relation_changes_v1(p_user uuid, p_rev bigint)
returns table (kind text, rev bigint, data json, about uuid)
language sql stable as $$
  select 'friend', f.feed_rev, to_json(f), f.other_id
  from friendships f
  where f.user_id = p_user and f.feed_rev > p_rev
  union all
  select 'block', b.feed_rev, to_json(b), b.other_id
  from blocks b
  where b.user_id = p_user and b.feed_rev > p_rev
  union all
  select 'settings', s.feed_rev, to_json(s), null
  from personal_settings s
  where s.user_id = p_user and s.feed_rev > p_rev
$$;
