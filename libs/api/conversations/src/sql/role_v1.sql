-- Returns the role of a user in a conversation: 'member' without a membership row.
create or replace function role_v1(p_conversation uuid, p_user uuid)
returns text
language sql stable as $$
  select coalesce(
    (select m.role from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
    'member'
  )
$$;
