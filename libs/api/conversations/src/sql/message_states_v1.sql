-- A message with its reactions and its quote: one unit, whose rev is the greater of the message's and the reactions'.
-- A quote's text is the current text of the quoted message. Reactions are sorted by emoji; removed ones only count
-- for the rev. mention_keys: the keys by which an edited message still notifies; null if it isn't edited, names nobody,
-- or has keys that are not computed yet.
create or replace view message_states_v1 as
select
  m.conversation_id,
  m.seq,
  m.id,
  m.author_id,
  greatest(m.rev, r.rev) as rev,
  m.body,
  m.created_at,
  m.edited_at,
  m.deleted_at,
  r.reactions,
  m.pinned_at,
  m.reply_to,
  case when m.reply_seq is not null then quote_v1(m.conversation_id, m.reply_seq) end as quote,
  m.is_forwarded,
  m.preview,
  case when m.edited_at is not null then (
    select x.keys from message_mentions x where x.conversation_id = m.conversation_id and x.seq = m.seq
  ) end as mention_keys
from messages m
left join lateral (
  select
    max(e.rev) as rev,
    json_agg(json_build_object('emoji', e.emoji, 'count', e.count)) filter (where e.count > 0) as reactions
  from (
    select x.emoji, max(x.rev) as rev, count(*) filter (where x.is_on) as count
    from reactions x
    where x.conversation_id = m.conversation_id and x.seq = m.seq
    group by x.emoji
    order by x.emoji
  ) e
) r on true;
