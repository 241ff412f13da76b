-- Returns the beginning of a message, as conversation lists show the last one; null if there is no such message.
create or replace function last_message_v1(p_conversation uuid, p_seq bigint, p_characters integer)
returns json
language sql stable as $$
  select json_build_object(
    'seq', m.seq, 'author_id', m.author_id, 'body', left(m.body, p_characters), 'created_at', m.created_at,
    'is_deleted', m.deleted_at is not null
  )
  from messages m
  where m.conversation_id = p_conversation and m.seq = p_seq
$$;
