-- Starts slow mode in a room: writes the slow marks of users who have just sent a message, so that they wait too.
--
-- Marks are written by log_append_v1 only while slow mode is on. Looks at the last 5,000 messages at most.
-- p_slow_mode_ms: the new slow mode. p_seq: the seq of the conversation head.
-- Locks: the caller holds the lock of the conversation head. Then the slow marks.
create or replace function slow_mode_start_v1(p_conversation uuid, p_slow_mode_ms integer, p_seq bigint)
returns void
language plpgsql volatile as $$
declare
  v_after bigint := greatest(
    seq_before_v1(p_conversation, clock_timestamp() - p_slow_mode_ms * interval '1 millisecond'),
    p_seq - 5000
  );
begin
  insert into slow_marks (conversation_id, user_id, last_at)
  select m.conversation_id, m.author_id, max(m.created_at)
  from messages m
  where m.conversation_id = p_conversation and m.seq > v_after
  group by m.conversation_id, m.author_id
  on conflict (conversation_id, user_id) do update
  set last_at = greatest(slow_marks.last_at, excluded.last_at);
end
$$;
