-- Returns the time from which a user may send or edit again in slow mode, which may be over; null without a slow mark.
create or replace function slow_until_v1(p_conversation uuid, p_user uuid)
returns timestamptz
language sql stable as $$
  select s.last_at + c.slow_mode_ms * interval '1 millisecond'
  from slow_marks s
  join conversations c on c.id = s.conversation_id
  where s.conversation_id = p_conversation and s.user_id = p_user
$$;
