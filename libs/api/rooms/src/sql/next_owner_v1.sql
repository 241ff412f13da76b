-- Returns the member who becomes the owner when the owner leaves, or null if nobody is left.
--
-- Moderators come first, then the user who joined first.
create or replace function next_owner_v1(p_conversation uuid, p_owner uuid)
returns uuid
language sql stable as $$
  select m.user_id
  from memberships m
  where m.conversation_id = p_conversation and m.state = 'joined' and m.user_id <> p_owner
  order by m.role = 'moderator' desc, m.joined_at nulls last, m.user_id
  limit 1
$$;
