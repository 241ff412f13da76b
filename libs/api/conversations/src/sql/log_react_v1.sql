-- Puts a reaction on a message or takes it off. A removed reaction stays as a row with a rev, so that a sync can tell.
--
-- Called by log_change_v3. A reaction has no key: a repeat is known by its state, and answers exists. That is decided
-- after authority, because the answer shows the message. Sets `count` to the reactions with this emoji after the
-- change.
-- Codes: not_found (deleted), too_many_reactions (p_max different emoji), and those of write_refusal_v1.
-- Locks: the reaction. The caller holds the lock of the conversation head.
create or replace function log_react_v1(
  p_verdict log_verdict_v1, p_message messages, p_author users, p_emoji text, p_on boolean, p_max integer,
  p_now timestamptz
)
returns log_verdict_v1
language plpgsql volatile as $$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_seq constant bigint := p_message.seq;
  v_was_on boolean;
begin
  v.code := coalesce(
    change_refusal_v1('react', v_conversation, p_author, p_now),
    case
      when p_message.deleted_at is not null then 'not_found'
      when p_on and (
        select count(distinct x.emoji) from reactions x
        where x.conversation_id = v_conversation and x.seq = v_seq and x.is_on and x.emoji <> p_emoji
      ) >= p_max then 'too_many_reactions'
    end
  );
  if v.code is not null then
    return v;
  end if;

  select x.is_on into v_was_on
  from reactions x
  where x.conversation_id = v_conversation and x.seq = v_seq and x.user_id = p_author.id and x.emoji = p_emoji;
  if coalesce(v_was_on, false) = p_on then
    v.verdict := 'exists';
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  insert into reactions (conversation_id, seq, user_id, emoji, is_on, rev)
  values (v_conversation, v_seq, p_author.id, p_emoji, p_on, v.rev)
  on conflict (conversation_id, seq, user_id, emoji) do update set is_on = p_on, rev = excluded.rev;
  select count(*) into v.count
  from reactions x
  where x.conversation_id = v_conversation and x.seq = v_seq and x.emoji = p_emoji and x.is_on;
  return v;
end
$$;
