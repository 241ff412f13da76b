-- Writes indexed messages of many conversations, their link preview jobs and the cursors, in one transaction.
--
-- p_batch: [{c: conversation, f: from_rev, t: to_rev, gone: [seq], rows: [{s: seq, at: created_at, k: terms}],
-- links: [{s: seq, id: message, u: author, url, h: hash of the text}]}]. A conversation whose cursor is not at f is
-- skipped: another node has indexed it. So no link is forgotten or fetched twice.
-- Locks: the search cursors by conversation; the search terms and preview jobs that it writes.
create or replace function search_write_v2(p_batch json)
returns void
language plpgsql volatile as $$
declare
  v_one record;
  v_taken uuid[] := '{}';
begin
  for v_one in
    select o.c, o.f, o.t, o.gone
    from json_to_recordset(p_batch) as o(c uuid, f bigint, t bigint, gone bigint[])
    order by o.c
  loop
    insert into search_cursors (conversation_id, rev) values (v_one.c, 0) on conflict do nothing;
    update search_cursors s set rev = v_one.t where s.conversation_id = v_one.c and s.rev = v_one.f;
    continue when not found;
    v_taken := v_taken || v_one.c;
    delete from message_terms t where t.conversation_id = v_one.c and t.seq = any (v_one.gone);
  end loop;

  -- The ords of all conversations follow the order in which the messages were sent. The last term is the block's.
  insert into message_terms as t (conversation_id, seq, ord, terms)
  select r.c, r.s, r.ord, r.k || (-1 - (r.ord >> 12)::integer)
  from (
    select o.c, x.s, x.k, nextval('message_terms_ord') as ord
    from json_to_recordset(p_batch) as o(c uuid, rows json)
    cross join lateral json_to_recordset(o.rows) as x(s bigint, at timestamptz, k integer[])
    where o.c = any (v_taken)
    order by x.at, o.c, x.s
  ) r
  on conflict (conversation_id, seq) do update
  set terms = excluded.terms[:cardinality(excluded.terms) - 1] || (-1 - (t.ord >> 12)::integer);

  insert into preview_jobs as j (conversation_id, seq, message_id, author_id, url, said)
  select o.c, x.s, x.id, x.u, x.url, x.h
  from json_to_recordset(p_batch) as o(c uuid, links json)
  cross join lateral json_to_recordset(o.links) as x(s bigint, id uuid, u uuid, url text, h text)
  where o.c = any (v_taken)
  order by o.c, x.s
  on conflict (conversation_id, seq) do update
  set url = excluded.url, said = excluded.said, due_at = now(), tries = 0;
end
$$;
