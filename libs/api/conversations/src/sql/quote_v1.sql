-- Returns the beginning of a message as a reply quotes it: {seq, rev, authorId, body, isDeleted}.
-- Null if there is no such message or retention has removed it. 200 characters: limits.quoteCharacters.
create or replace function quote_v1(p_conversation uuid, p_seq bigint)
returns json
language sql stable as $$
  select json_build_object(
    'seq', t.seq,
    'rev', t.rev,
    'authorId', t.author_id,
    'body', left(t.body, 200),
    'isDeleted', t.deleted_at is not null
  )
  from messages t
  join conversation_heads h on h.conversation_id = t.conversation_id
  where t.conversation_id = p_conversation and t.seq = p_seq and t.seq > h.floor_seq
$$;
