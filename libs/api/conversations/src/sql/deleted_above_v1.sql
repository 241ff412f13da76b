-- Returns the seqs of the deleted messages above a seq, ascending: a list of numbers.
create or replace function deleted_above_v1(p_conversation uuid, p_seq bigint)
returns json
language sql stable as $$
  select coalesce(json_agg(m.seq order by m.seq), '[]')
  from messages m
  where m.conversation_id = p_conversation and m.seq > p_seq and m.deleted_at is not null
$$;
