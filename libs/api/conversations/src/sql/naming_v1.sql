-- Returns the unread messages of others that contain an at sign, as [{seq, body}] by seq, or null if there are none.
-- Called by the release before only. naming_v2 reads no texts.
--
-- The caller finds out whom they mention. p_read: the user's read mark. p_head: the seq of the conversation head.
-- p_window: how many messages below the head are searched at most.
create or replace function naming_v1(
  p_conversation uuid, p_user uuid, p_read bigint, p_head bigint, p_window integer
)
returns json
language sql stable as $$
  select json_agg(json_build_object('seq', m.seq, 'body', m.body) order by m.seq)
  from messages m
  where m.conversation_id = p_conversation and m.seq > greatest(p_read, p_head - p_window)
    and m.author_id <> p_user and m.body ~ '[@＠]'
$$;
