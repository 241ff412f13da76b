-- Returns the highest seq sent before a time, or the floor if there is none; null for an unknown conversation.
--
-- A binary search: created_at never falls as seq rises.
create or replace function seq_before_v1(p_conversation uuid, p_before timestamptz)
returns bigint
language plpgsql stable as $$
declare
  v_low bigint;
  v_high bigint;
  v_middle bigint;
  v_at timestamptz;
begin
  select h.floor_seq, h.seq into v_low, v_high from conversation_heads h where h.conversation_id = p_conversation;
  while v_low < v_high loop
    v_middle := (v_low + v_high + 1) / 2;
    select m.created_at into v_at
    from messages m
    where m.conversation_id = p_conversation and m.seq = v_middle;
    if v_at < p_before then
      v_low := v_middle;
    else
      v_high := v_middle - 1;
    end if;
  end loop;
  return v_low;
end
$$;
