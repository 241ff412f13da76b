-- Turns a message into a tombstone: its text, former texts, reactions, pin, reply and preview go.
--
-- Called by log_change_v3. The author's repeat answers exists.
-- Codes: forbidden (neither the author nor a moderator), not_found (deleted already), and those of write_refusal_v1.
-- Locks: the message and its reactions, former texts, preview job and mention keys. The caller holds the lock of the
-- conversation head.
create or replace function log_delete_v1(
  p_verdict log_verdict_v1, p_message messages, p_author users, p_now timestamptz
)
returns log_verdict_v1
language plpgsql volatile as $$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_seq constant bigint := p_message.seq;
  v_is_own constant boolean := p_message.author_id = p_author.id;
begin
  if v_is_own and p_message.deleted_at is not null then
    v.verdict := 'exists';
    return v;
  end if;

  v.code := coalesce(
    change_refusal_v1('delete', v_conversation, p_author, p_now),
    case
      when not v_is_own and role_v1(v_conversation, p_author.id) = 'member' then 'forbidden'
      when p_message.deleted_at is not null then 'not_found'
    end
  );
  if v.code is not null then
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  delete from reactions x where x.conversation_id = v_conversation and x.seq = v_seq;
  delete from message_edits e where e.conversation_id = v_conversation and e.seq = v_seq;
  delete from preview_jobs j where j.conversation_id = v_conversation and j.seq = v_seq;
  update messages m
  set body = '', edited_at = null, deleted_at = v.at, pinned_at = null, reply_to = null, reply_seq = null,
    is_forwarded = false, preview = null, rev = v.rev
  where m.conversation_id = v_conversation and m.seq = v_seq;
  -- After the message, whose lock MentionBackfill takes first too.
  delete from message_mentions x where x.conversation_id = v_conversation and x.seq = v_seq;
  return v;
end
$$;
