-- Returns a page of a conversation's messages, from seq p_from to p_to inclusive, with their users and own reactions.
--
-- Always one row. messages: rows of message_states_v1, ascending by seq. users: the authors of the messages and of
-- what they quote. mine: the user's own reactions, as in own_reactions_v1. The caller has checked that p_user may read.
create or replace function message_page_v1(p_conversation uuid, p_user uuid, p_from bigint, p_to bigint)
returns table (messages json, users json, mine json)
language sql stable as $$
  -- All columns of message_states_v1. Materialized, so that each quote is looked up once.
  with page as materialized (
    select s.conversation_id, s.seq, s.id, s.author_id, s.rev, s.body, s.created_at, s.edited_at, s.deleted_at,
      s.reactions, s.pinned_at, s.reply_to, s.quote, s.is_forwarded, s.preview, s.mention_keys
    from message_states_v1 s
    where s.conversation_id = p_conversation and s.seq between p_from and p_to
  )
  select
    (select coalesce(json_agg(p order by p.seq), '[]') from page p),
    users_json_v1((
      select array_agg(distinct x.id)
      from (
        select p.author_id from page p
        union all
        select (p.quote->>'authorId')::uuid from page p where p.quote is not null
      ) x(id)
    )),
    own_reactions_v1(p_conversation, p_user, (select array_agg(p.seq) from page p))
$$;
