-- Returns a message as a row of message_states_v1 in JSON, or null if there is none with this seq.
create or replace function message_json_v1(p_conversation uuid, p_seq bigint)
returns json
language sql stable as $$
  select to_json(s) from message_states_v1 s where s.conversation_id = p_conversation and s.seq = p_seq
$$;
