-- Returns who reacted to a message, latest first, in pages.
--
-- p_emoji: only this emoji, null for all. p_rev: only reactions before this rev, null for the first page. The caller
-- asks for one row more than it shows, to see if there are more. A message without such reactions gives one row with
-- only its seq; an unknown message, or one below the floor, gives none.
create or replace function message_reactions_v1(
  p_conversation uuid, p_id uuid, p_emoji text, p_rev bigint, p_limit integer
)
returns table (seq bigint, user_id uuid, emoji text, rev bigint)
language sql stable as $$
  select m.seq, r.user_id, r.emoji, r.rev
  from message_keys k
  join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
  join conversation_heads h on h.conversation_id = m.conversation_id and m.seq > h.floor_seq
  left join lateral (
    select x.user_id, x.emoji, x.rev
    from reactions x
    where x.conversation_id = m.conversation_id and x.seq = m.seq and x.is_on
      and (p_emoji is null or x.emoji = p_emoji) and (p_rev is null or x.rev < p_rev)
    order by x.rev desc
    limit p_limit
  ) r on true
  where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit
$$;
