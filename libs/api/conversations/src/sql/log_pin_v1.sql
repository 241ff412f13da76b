-- Pins a message or unpins it: moderators in rooms and the lobby, every member elsewhere.
--
-- Called by log_change_v3. A pin has no key: a repeat is known by its state, and answers exists, after authority.
-- Codes: forbidden, not_found (deleted), limit_reached (p_max pins in a conversation), and those of write_refusal_v1.
-- Locks: the message. The caller holds the lock of the conversation head.
create or replace function log_pin_v1(
  p_verdict log_verdict_v1, p_message messages, p_author users, p_on boolean, p_max integer, p_now timestamptz
)
returns log_verdict_v1
language plpgsql volatile as $$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_is_pinned constant boolean := p_message.pinned_at is not null;
begin
  v.code := coalesce(
    change_refusal_v1('pin', v_conversation, p_author, p_now),
    case
      when role_v1(v_conversation, p_author.id) = 'member' and exists (
        select from conversations c where c.id = v_conversation and c.kind in ('room', 'lobby')
      ) then 'forbidden'
      when p_message.deleted_at is not null then 'not_found'
      when p_on and not v_is_pinned and (
        select count(*) from messages m
        join conversation_heads h on h.conversation_id = m.conversation_id
        where m.conversation_id = v_conversation and m.pinned_at is not null and m.seq > h.floor_seq
      ) >= p_max then 'limit_reached'
    end
  );
  if v.code is not null then
    return v;
  end if;
  if v_is_pinned = p_on then
    v.verdict := 'exists';
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  update messages m
  set pinned_at = case when p_on then v.at end, rev = v.rev
  where m.conversation_id = v_conversation and m.seq = p_message.seq;
  return v;
end
$$;
