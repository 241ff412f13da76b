-- Returns which unread messages of others name a user, as {seqs, unknown}.
--
-- seqs: messages with the user's mention key, ascending. unknown: [{seq, texts}] of messages whose keys are not
-- computed yet: the caller finds out whom their texts name, as in mentions_unknown_v1. Reads no other texts.
-- p_read: the user's read mark. p_head: the seq of the conversation head. p_window: how many messages below the head
-- are searched at most.
create or replace function naming_v2(
  p_conversation uuid, p_user uuid, p_read bigint, p_head bigint, p_window integer
)
returns json
language sql stable as $$
  select json_build_object(
    'seqs', (
      select coalesce(json_agg(x.seq order by x.seq), '[]')
      from message_mentions x
      where x.conversation_id = p_conversation and x.seq > greatest(p_read, p_head - p_window)
        and x.author_id <> p_user
        and x.keys @> (select array[coalesce(u.username_key, u.tag)] from users u where u.id = p_user)
    ),
    'unknown', (
      select coalesce(json_agg(json_build_object('seq', w.seq, 'texts', w.texts) order by w.seq), '[]')
      from mentions_unknown_v1(p_conversation, greatest(p_read, p_head - p_window), p_head) w
      where w.author_id <> p_user
    )
  )
$$;
