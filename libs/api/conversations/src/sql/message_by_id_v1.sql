-- Returns the message with this id, or nulls if there is none or retention has removed it.
create or replace function message_by_id_v1(p_conversation uuid, p_id uuid)
returns messages
language sql stable as $$
  select m
  from message_keys k
  join conversation_heads h on h.conversation_id = k.conversation_id
  join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq and m.seq > h.floor_seq
  where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit
$$;
