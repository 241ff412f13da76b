-- Writes a changed membership of a room or the lobby, at the next rev of the user's personal feed if it is published
-- there, see membership_is_told_v1.
--
-- Returns the written row; its rev is the conversation's new one, or null if the change takes none; its feed_rev is
-- null if the change is not published to the user.
-- p_was: the membership before, null if none was ever written. p_now: the one that membership_after_v1 computed.
-- The other arguments are those of membership_change_v3.
-- Locks: the caller holds the lock of the conversation head. Then the conversation, the personal head, the membership,
-- its address ban.
create or replace function membership_change_write_v1(
  p_conversation conversations, p_actor uuid, p_verb text, p_was memberships, p_now memberships, p_large integer
)
returns member_told_v1
language plpgsql volatile as $$
declare
  v_joined integer := (p_now.state = 'joined')::integer - (coalesce(p_was.state, '') = 'joined')::integer;
  v_takes_rev boolean := membership_takes_rev_v1(p_verb, p_was, p_now, p_conversation.member_count, p_large);
  v_is_told boolean := membership_is_told_v1(p_conversation.kind, p_verb, p_was);
  v_head conversation_heads;
  v_feed_rev bigint;
  v_row memberships;
begin
  if v_takes_rev then
    update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation.id;
  end if;
  select * into v_head from conversation_heads h where h.conversation_id = p_conversation.id;
  if v_joined <> 0 and p_conversation.kind <> 'lobby' then
    update conversations c set member_count = c.member_count + v_joined where c.id = p_conversation.id;
  end if;
  if v_is_told then
    v_feed_rev := personal_bump_v1(p_now.user_id);
  end if;

  insert into memberships as m (
    conversation_id, user_id, role, state, muted_until, read_seq, rev, feed_rev, invited_by, invitation, joined_at
  )
  values (
    p_conversation.id, p_now.user_id, p_now.role, p_now.state, p_now.muted_until,
    case when p_now.state = 'joined' and p_conversation.kind <> 'lobby' then v_head.seq else 0 end,
    case when v_takes_rev then v_head.rev else 0 end,
    coalesce(v_feed_rev, 0),
    case when p_now.state = 'invited' then p_actor end,
    case when p_now.state = 'invited' then jsonb_build_object(
      'title', p_conversation.title, 'color', null, 'invitedBy', p_actor,
      'at', date_trunc('milliseconds', clock_timestamp()),
      'memberCount', p_conversation.member_count, 'slug', p_conversation.slug
    ) end,
    case when p_now.state = 'joined' then clock_timestamp() end
  )
  on conflict (conversation_id, user_id) do update
  set role = excluded.role, state = excluded.state, muted_until = excluded.muted_until,
    -- Messages that were sent while the user was away are not unread.
    read_seq = case
      when m.state <> 'joined' and excluded.state = 'joined' and p_verb = 'join' then v_head.seq
      else m.read_seq
    end,
    rev = case when v_takes_rev then excluded.rev else m.rev end,
    feed_rev = excluded.feed_rev,
    -- Other changes of the membership leave an open invitation as it was sent.
    invited_by = case
      when p_verb = 'invite' then excluded.invited_by
      when excluded.state = 'invited' then m.invited_by
    end,
    invitation = case
      when p_verb = 'invite' then excluded.invitation
      when excluded.state = 'invited' then m.invitation
    end,
    joined_at = case when m.state = 'joined' then m.joined_at else excluded.joined_at end
  returning m.* into v_row;
  -- Other changes of somebody who is banned, such as a mute, leave it open what the ban follows from.
  if p_now.state <> 'banned' then
    delete from address_banned x where x.conversation_id = p_conversation.id and x.user_id = p_now.user_id;
    delete from address_bans b where b.conversation_id = p_conversation.id and b.user_id = p_now.user_id;
  end if;
  return (
    null, true, p_now.user_id, case when v_takes_rev then v_head.rev end, v_feed_rev, to_json(v_row)
  )::member_told_v1;
end
$$;
