-- Returns a user's membership of a room or the lobby as JSON, with the default values if none was ever written.
--
-- p_kind: the conversation's kind. In the lobby everybody counts as joined.
create or replace function membership_json_v1(p_conversation uuid, p_kind text, p_user uuid)
returns json
language sql stable as $$
  select coalesce(
    (select to_json(m) from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
    json_build_object(
      'conversation_id', p_conversation, 'user_id', p_user, 'role', 'member',
      'state', case when p_kind = 'lobby' then 'joined' else 'left' end,
      'muted_until', null, 'read_seq', 0, 'cleared_seq', 0, 'archived_seq', null, 'pinned_at', null
    )
  )
$$;
