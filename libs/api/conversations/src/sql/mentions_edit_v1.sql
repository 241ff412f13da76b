-- Removes the mention keys of an edited message that its new text doesn't have.
--
-- p_mentions: the keys of the new text, separated by spaces; null if they were not computed. Unknown keys stay unknown
-- until MentionBackfill has computed them from all texts. A message without a row named nobody.
-- Locks: the mention keys. The caller holds the locks of the conversation head and of the message.
create or replace function mentions_edit_v1(
  p_conversation uuid, p_seq bigint, p_author uuid, p_body text, p_mentions text
)
returns void
language plpgsql volatile as $$
begin
  if not exists (select from message_mentions x where x.conversation_id = p_conversation and x.seq = p_seq) then
    -- An empty array says that what the text names now counts for nobody.
    insert into message_mentions (conversation_id, seq, author_id, keys)
    select p_conversation, p_seq, p_author, case when mentions_are_known_v1(p_conversation) then '{}'::text[] end
    where coalesce(p_mentions <> '', p_body ~ '[@＠]')
    on conflict (conversation_id, seq) do update set keys = null;
  elsif p_mentions is null then
    update message_mentions x set keys = null where x.conversation_id = p_conversation and x.seq = p_seq;
  else
    update message_mentions x
    set keys = array(select k from unnest(x.keys) k where k = any (string_to_array(p_mentions, ' ')))
    where x.conversation_id = p_conversation and x.seq = p_seq and x.keys is not null;
  end if;
end
$$;
