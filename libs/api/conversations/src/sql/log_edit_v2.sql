-- Replaces the text of a message, and keeps the former text, of the latest p_max edits.
--
-- Called by log_change_v3. p_edit_id is the idempotency key: a known one of the same author and message answers exists
-- to whoever may read.
-- p_mentions: the mention keys of the new text. An edit notifies nobody new: the message keeps the keys that all of its
-- texts have had. In slow mode an edit counts as a send, and waits for the author's last send or edit.
-- Codes: id_taken, forbidden (not the author), not_found (deleted), slow_mode, and those of write_refusal_v1.
-- Locks: the slow mark, the message, its former texts and mention keys. The caller holds the lock of the conversation
-- head.
create or replace function log_edit_v2(
  p_verdict log_verdict_v1, p_message messages, p_author users, p_body text, p_edit_id uuid, p_max integer,
  p_now timestamptz, p_mentions text
)
returns log_verdict_v1
language plpgsql volatile as $$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_seq constant bigint := p_message.seq;
  v_key message_keys;
  v_is_slowed boolean;
begin
  -- Reading first, because a repeat gets the message as it stands; then the key, because a repeat of somebody who was
  -- muted since is no new edit.
  v.code := read_refusal_v1(v_conversation, p_author.id);
  if v.code is not null then
    return v;
  end if;
  select * into v_key from message_keys k where k.conversation_id = v_conversation and k.id = p_edit_id;
  if found then
    if not v_key.is_edit or v_key.author_id <> p_author.id or v_key.seq <> v_seq then
      v.code := 'id_taken';
    else
      v.verdict := 'exists';
    end if;
    return v;
  end if;

  v_is_slowed := role_v1(v_conversation, p_author.id) = 'member'
    and (select c.slow_mode_ms from conversations c where c.id = v_conversation) > 0;
  v.code := coalesce(
    change_refusal_v1('edit', v_conversation, p_author, p_now),
    case
      when p_message.author_id <> p_author.id then 'forbidden'
      when p_message.deleted_at is not null then 'not_found'
      when v_is_slowed and slow_until_v1(v_conversation, p_author.id) > p_now then 'slow_mode'
    end
  );
  if v.code is not null then
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
  values (v_conversation, p_edit_id, v_seq, p_author.id, true, v.at);
  insert into message_edits (conversation_id, seq, rev, user_id, body, written_at)
  values (
    v_conversation, v_seq, v.rev, p_message.author_id, p_message.body,
    coalesce(p_message.edited_at, p_message.created_at)
  );
  delete from message_edits e
  where e.conversation_id = v_conversation and e.seq = v_seq and e.rev <= (
    select x.rev from message_edits x
    where x.conversation_id = v_conversation and x.seq = v_seq
    order by x.rev desc
    offset p_max limit 1
  );
  if v_is_slowed then
    insert into slow_marks (conversation_id, user_id, last_at)
    values (v_conversation, p_author.id, v.at)
    on conflict (conversation_id, user_id) do update set last_at = excluded.last_at;
  end if;
  update messages m
  set body = p_body, edited_at = v.at, rev = v.rev, preview = null
  where m.conversation_id = v_conversation and m.seq = v_seq;
  -- After the message, whose lock MentionBackfill takes first too.
  perform mentions_edit_v1(v_conversation, v_seq, p_author.id, p_body, p_mentions);
  return v;
end
$$;
