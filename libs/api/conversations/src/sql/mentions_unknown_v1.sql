-- Returns the messages with p_after < seq <= p_to that may name somebody and whose mention keys are not computed yet.
--
-- texts: the text and, of an edited message, its former texts. A mention counts if all of them have it.
-- Reads no texts in a conversation whose keys are all known.
create or replace function mentions_unknown_v1(p_conversation uuid, p_after bigint, p_to bigint)
returns table (seq bigint, author_id uuid, edited_at timestamptz, texts json)
language sql stable rows 10 as $$
  select m.seq, m.author_id, m.edited_at, (
    select json_agg(t.body)
    from (
      select m.body
      union all
      select e.body from message_edits e where e.conversation_id = m.conversation_id and e.seq = m.seq
    ) t
  )
  from (
    select x.seq
    from message_mentions x
    where x.conversation_id = p_conversation and x.seq > p_after and x.seq <= p_to and x.keys is null
    union all
    select o.seq
    from messages o
    where not mentions_are_known_v1(p_conversation)
      and o.conversation_id = p_conversation and o.seq > p_after and o.seq <= p_to and o.body ~ '[@＠]'
      and not exists (
        select from message_mentions x where x.conversation_id = o.conversation_id and x.seq = o.seq
      )
  ) w
  join messages m on m.conversation_id = p_conversation and m.seq = w.seq
$$;
