-- Adds the preview of a linked page to a message. The server asks for it, so no authority is needed.
--
-- Called by log_change_v3. p_hash: SHA-256 (hex) of the text that links to the page. A preview of a text that was
-- replaced, of a deleted message, of a match or an archived room, and a second one, changes nothing: the verdict is
-- exists, without the message.
-- Locks: the message. The caller holds the lock of the conversation head.
create or replace function log_preview_v1(
  p_verdict log_verdict_v1, p_conversation uuid, p_message messages, p_hash text, p_preview json, p_now timestamptz
)
returns log_verdict_v1
language plpgsql volatile as $$
declare
  v log_verdict_v1 := p_verdict;
  v_is_open boolean;
begin
  select c.kind <> 'match' and c.archived_at is null into v_is_open from conversations c where c.id = p_conversation;
  if v_is_open is not true
    or p_message.seq is null
    or p_message.deleted_at is not null
    or p_message.preview is not null
    or encode(sha256(convert_to(p_message.body, 'UTF8')), 'hex') <> p_hash
  then
    v.verdict := 'exists';
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(p_conversation);
  v.at := greatest(p_now, p_message.created_at);
  update messages m
  set preview = p_preview, rev = v.rev
  where m.conversation_id = p_conversation and m.seq = p_message.seq;
  v.message := message_json_v1(p_conversation, p_message.seq);
  return v;
end
$$;
