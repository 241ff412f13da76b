-- Makes one change of a message: an edit, a deletion, a reaction, a pin, or a preview of its link.
--
-- The caller holds the lock of the conversation head. Each kind has a function of its own, which decides and writes:
-- it gets the verdict so far ('refused', with the message's seq), and returns it with a code, or as stored or exists.
-- Every repeat is harmless: it answers exists with the message as it stands, and writes nothing.
-- p_mentions: the mention keys of an edit, as in log_sends_v2.
-- Returns one verdict. Codes: session_ended, not_found, and those of the kind; retry_after_ms goes with muted and
-- slow_mode.
-- Locks: those of the kind.
create or replace function log_change_v3(
  p_i integer, p_kind text, p_conversation uuid, p_user uuid, p_id uuid, p_body text, p_edit_id uuid, p_emoji text,
  p_on boolean, p_preview json, p_most integer, p_mentions text
)
returns log_verdict_v1
language plpgsql volatile as $$
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  v log_verdict_v1;
  v_seq bigint;
  v_message messages;
  v_author users;
begin
  -- One lookup by primary key after another: a join gets a bad plan while statistics are old.
  select k.seq into v_seq
  from message_keys k
  where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit;
  select * into v_message
  from messages m
  where m.conversation_id = p_conversation and m.seq = v_seq and m.seq > (
    select h.floor_seq from conversation_heads h where h.conversation_id = p_conversation
  );
  select * into v_author from users u where u.id = p_user and u.anonymised_at is null;
  v.i := p_i;
  v.verdict := 'refused';
  v.seq := v_message.seq;
  v.author := author_json_v1(v_author);

  if p_kind = 'preview' then
    return log_preview_v1(v, p_conversation, v_message, p_body, p_preview, v_now);
  end if;

  if v_author.id is null then
    v.code := 'session_ended';
  elsif v_message.seq is null then
    v.code := 'not_found';
  else
    case p_kind
      when 'edit' then v := log_edit_v2(v, v_message, v_author, p_body, p_edit_id, p_most, v_now, p_mentions);
      when 'delete' then v := log_delete_v1(v, v_message, v_author, v_now);
      when 'react' then v := log_react_v1(v, v_message, v_author, p_emoji, p_on, p_most, v_now);
      when 'pin' then v := log_pin_v1(v, v_message, v_author, p_on, p_most, v_now);
    end case;
  end if;

  if v.code = 'slow_mode' then
    v.retry_after_ms := milliseconds_until_v1(slow_until_v1(p_conversation, p_user), v_now);
  elsif v.code = 'muted' then
    select milliseconds_until_v1(m.muted_until, v_now) into v.retry_after_ms
    from memberships m
    where m.conversation_id = p_conversation and m.user_id = p_user;
  elsif v.code is null then
    v.message := message_json_v1(p_conversation, v.seq);
  end if;
  return v;
end
$$;
