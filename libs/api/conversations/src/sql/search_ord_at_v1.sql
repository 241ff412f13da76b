-- Returns the approximate lowest ord of messages sent at or after a time, or the end of the index if there are none.
--
-- A binary search. It is approximate because messages are indexed only nearly in the order of their times.
create or replace function search_ord_at_v1(p_at timestamptz)
returns bigint
language plpgsql stable as $$
declare
  v_low bigint := 0;
  v_high bigint;
  v_middle bigint;
  v_at timestamptz;
begin
  select coalesce(max(t.ord), 0) + 1 into v_high from message_terms t;
  while v_low < v_high loop
    v_middle := (v_low + v_high) / 2;
    select m.created_at into v_at
    from message_terms t
    join messages m on m.conversation_id = t.conversation_id and m.seq = t.seq
    where t.ord >= v_middle
    order by t.ord
    limit 1;
    if not found or v_at >= p_at then
      v_high := v_middle;
    else
      v_low := v_middle + 1;
    end if;
  end loop;
  return v_low;
end
$$;
