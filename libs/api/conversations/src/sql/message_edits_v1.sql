-- Returns the edit history of a message: its present and former texts, latest first.
--
-- One row, or none if the message is unknown, deleted or below the floor. is_allowed: the user is the author or a
-- moderator; items and users are null otherwise. items: [{userId, body, at}]. users: the authors of the texts.
create or replace function message_edits_v1(p_conversation uuid, p_id uuid, p_user uuid)
returns table (seq bigint, is_allowed boolean, items json, users json)
language sql stable as $$
  with message as (
    select m.conversation_id, m.seq, m.author_id, m.body, coalesce(m.edited_at, m.created_at) as written_at
    from message_keys k
    join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
    join conversation_heads h on h.conversation_id = m.conversation_id
    where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit
      and m.seq > h.floor_seq and m.deleted_at is null
  ), allowed as (
    select m.seq, m.author_id = p_user or coalesce(s.role, 'member') <> 'member' as is_allowed
    from message m
    left join memberships s on s.conversation_id = p_conversation and s.user_id = p_user
  ), texts as (
    select null::bigint as rev, m.author_id as user_id, m.body, m.written_at
    from message m
    union all
    select e.rev, e.user_id, e.body, e.written_at
    from message m
    join message_edits e on e.conversation_id = m.conversation_id and e.seq = m.seq
  )
  select a.seq, a.is_allowed,
    case when a.is_allowed then (
      select json_agg(
        json_build_object('userId', t.user_id, 'body', t.body, 'at', t.written_at)
        order by t.rev desc nulls first
      )
      from texts t
    ) end,
    case when a.is_allowed then users_json_v1((select array_agg(distinct t.user_id) from texts t)) end
  from allowed a
$$;
