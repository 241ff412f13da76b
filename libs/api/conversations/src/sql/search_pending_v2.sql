-- Returns, for each of the conversations that has changed since it was indexed, the next messages to index.
--
-- At most p_limit messages of a conversation, by rev: [{seq, id, author_id, at, body, is_deleted, is_pinned,
-- has_preview}]. has_more: there may be more of them. The cursor moves from from_rev to to_rev when these are indexed
-- (search_write_v2). Matches are never indexed.
create or replace function search_pending_v2(p_conversations uuid[], p_limit integer)
returns table (conversation_id uuid, from_rev bigint, to_rev bigint, has_more boolean, messages json)
language sql stable as $$
  select h.conversation_id, coalesce(c.rev, 0), case when x.count < p_limit then h.rev else x.rev end,
    x.count >= p_limit, coalesce(x.messages, '[]')
  from conversation_heads h
  join conversations k on k.id = h.conversation_id and k.kind <> 'match'
  left join search_cursors c on c.conversation_id = h.conversation_id
  cross join lateral (
    select count(*) as count, max(m.rev) as rev,
      json_agg(
        json_build_object(
          'seq', m.seq, 'id', m.id, 'author_id', m.author_id, 'at', m.created_at, 'body', m.body,
          'is_deleted', m.deleted_at is not null or m.seq <= h.floor_seq,
          'is_pinned', m.pinned_at is not null, 'has_preview', m.preview is not null
        )
        order by m.rev
      ) as messages
    from (
      select m.seq, m.id, m.author_id, m.rev, m.created_at, m.body, m.deleted_at, m.pinned_at, m.preview
      from messages m
      where m.conversation_id = h.conversation_id and m.rev > coalesce(c.rev, 0)
      order by m.rev
      limit p_limit
    ) m
  ) x
  where h.conversation_id = any (p_conversations) and h.rev > coalesce(c.rev, 0)
$$;
