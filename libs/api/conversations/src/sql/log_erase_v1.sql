-- Deletes up to p_limit messages below the floor, oldest first, with their former texts, reactions, search terms and
-- mention keys.
--
-- Returns how many messages were deleted. The conversation head is read, not locked.
-- Locks: the reactions, search terms, former texts, messages and mention keys that it deletes.
create or replace function log_erase_v1(p_conversation uuid, p_limit integer)
returns integer
language plpgsql volatile as $$
declare
  v_top bigint;
  v_count integer;
begin
  select max(x.seq) into v_top
  from (
    select m.seq
    from messages m
    join conversation_heads h on h.conversation_id = m.conversation_id
    where m.conversation_id = p_conversation and m.seq <= h.floor_seq
    order by m.seq
    limit p_limit
  ) x;

  delete from reactions r where r.conversation_id = p_conversation and r.seq <= v_top;
  delete from message_terms t where t.conversation_id = p_conversation and t.seq <= v_top;
  delete from message_edits e where e.conversation_id = p_conversation and e.seq <= v_top;
  delete from messages m where m.conversation_id = p_conversation and m.seq <= v_top;
  get diagnostics v_count = row_count;
  -- After the messages, whose locks MentionBackfill takes first too.
  delete from message_mentions x where x.conversation_id = p_conversation and x.seq <= v_top;
  return v_count;
end
$$;
