-- Returns why a user may not change these settings of a room, or null.
--
-- Moderators may change title, topic and slow mode, the owner everything.
-- p_was: the room. p_role: the user's role, null if the user is not in the room. p_change: as in room_settings_v1.
-- p_slug and p_skeleton: the slug that is wanted, null if the slug stays.
-- Codes: not_found, forbidden, slug_taken.
create or replace function room_settings_refusal_v1(
  p_was conversations, p_role text, p_change jsonb, p_slug text, p_skeleton text
)
returns text
language sql stable as $$
  select case
    when p_was.kind is distinct from 'room' or p_role is null then 'not_found'
    when p_role = 'member' then 'forbidden'
    when p_role = 'moderator' and p_change - array['title', 'nameKey', 'topic', 'slowModeMs'] <> '{}' then 'forbidden'
    when (p_slug <> p_was.slug or p_was.visibility = 'private' and p_change->>'visibility' <> 'private')
      and slug_is_taken_v1(p_slug, p_skeleton, p_was.id) then 'slug_taken'
  end
$$;
