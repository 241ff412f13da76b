-- Returns the user who becomes the owner of a group if p_owner leaves: the member who has been in it longest. Null if
-- there is no other member.
create or replace function group_successor_v1(p_conversation uuid, p_owner uuid)
returns uuid
language sql stable as $$
  select m.user_id
  from memberships m
  where m.conversation_id = p_conversation and m.state = 'joined' and m.user_id <> p_owner
  order by m.joined_at, m.user_id
  limit 1
$$;
