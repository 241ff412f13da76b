-- Writes one membership at the next rev of the conversation and of the user's personal feed.
--
-- Returns the written row. p_inviter: who invited the user, null if nobody did.
-- Locks: the caller holds the lock of the conversation head. Then the personal head, the conversation, the membership.
create or replace function member_write_v1(
  p_conversation uuid, p_user uuid, p_role text, p_state text, p_inviter uuid
)
returns member_told_v1
language plpgsql volatile as $$
declare
  v_was memberships;
  v_now memberships;
  v_head conversation_heads;
  v_invitation jsonb;
  v_rev bigint;
begin
  v_rev := personal_bump_v1(p_user);
  if p_state = 'invited' then
    select jsonb_build_object(
      'title', c.title, 'color', c.color, 'invitedBy', p_inviter,
      'at', date_trunc('milliseconds', clock_timestamp()), 'memberCount', c.member_count
    ) into v_invitation
    from conversations c
    where c.id = p_conversation;
  end if;
  select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;

  update conversation_heads h
  set rev = h.rev + 1
  where h.conversation_id = p_conversation
  returning h.* into v_head;
  update conversations c
  set member_count = c.member_count
    + (p_state = 'joined')::integer - (coalesce(v_was.state, '') = 'joined')::integer
  where c.id = p_conversation;

  insert into memberships as m (
    conversation_id, user_id, role, state, read_seq, invited_by, invitation, joined_at, rev, feed_rev
  )
  values (
    p_conversation, p_user, p_role, p_state, case when p_state = 'joined' then v_head.seq else 0 end,
    p_inviter, v_invitation, case when p_state = 'joined' then clock_timestamp() end, v_head.rev, v_rev
  )
  on conflict (conversation_id, user_id) do update
  set role = excluded.role, state = excluded.state, rev = excluded.rev, feed_rev = excluded.feed_rev,
    invited_by = case when excluded.state = 'invited' then excluded.invited_by end,
    invitation = excluded.invitation,
    -- Messages that were sent while the user was away are not unread.
    read_seq = case when m.state <> 'joined' and excluded.state = 'joined' then v_head.seq else m.read_seq end,
    joined_at = case when m.state = 'joined' then m.joined_at else excluded.joined_at end
  returning m.* into v_now;
  return (null, true, p_user, v_head.rev, v_rev, to_json(v_now))::member_told_v1;
end
$$;
