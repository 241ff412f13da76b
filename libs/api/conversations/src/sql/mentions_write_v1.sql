-- Stores computed mention keys of messages that have none yet. A message that names nobody gets an empty row.
--
-- p_rows: [{s: seq, u: author, e: edited_at of the texts that were read, m: keys separated by spaces}]. Leaves out a
-- message that was edited or deleted since. Idempotent.
-- Locks: the messages (for share), so that no edit or deletion comes between; their mention keys. Never the head.
create or replace function mentions_write_v1(p_conversation uuid, p_rows json)
returns void
language plpgsql volatile as $$
declare
  v_seqs bigint[];
begin
  select array_agg(l.seq) into v_seqs
  from (
    select m.seq
    from messages m
    join json_to_recordset(p_rows) as o(s bigint, e timestamptz) on o.s = m.seq
    where m.conversation_id = p_conversation and m.edited_at is not distinct from o.e and m.deleted_at is null
    order by m.seq
    for share of m
  ) l;

  insert into message_mentions as x (conversation_id, seq, author_id, keys)
  select p_conversation, o.s, o.u, string_to_array(o.m, ' ')
  from json_to_recordset(p_rows) as o(s bigint, u uuid, m text)
  where o.s = any (v_seqs)
  order by o.s
  on conflict (conversation_id, seq) do update set keys = excluded.keys where x.keys is null;
end
$$;
