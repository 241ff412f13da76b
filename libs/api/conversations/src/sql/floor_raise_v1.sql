-- Raises the floor of a conversation. Readers honour it at once; log_erase_v1 deletes what is below later.
--
-- Returns one row; no row if the floor is not above the present one, or above the head.
-- Locks: the conversation head.
create or replace function floor_raise_v1(p_conversation uuid, p_floor_seq bigint)
returns table (rev bigint, floor_seq bigint)
language sql volatile as $$
  update conversation_heads h
  set rev = h.rev + 1, floor_rev = h.rev + 1, floor_seq = p_floor_seq
  where h.conversation_id = p_conversation and p_floor_seq > h.floor_seq and p_floor_seq <= h.seq
  returning h.rev, h.floor_seq
$$;
