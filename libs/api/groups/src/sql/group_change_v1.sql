-- Changes the membership of p_user in a group. p_verb is add, join, leave, remove or hand_over.
--
-- p_actor is the acting user; null if the server makes a deleted user leave. add lets a friend of p_actor join and
-- invites anybody else. hand_over makes p_user the owner. p_most (members) and p_invitations (open ones of p_actor) are
-- maximums.
-- Returns one row for each membership that is written, see group_write_v1. Otherwise returns one row with is_written
-- false, the membership of p_user, and a code: exists (nothing changes), session_ended (p_actor is deleted), and those
-- of group_change_refusal_v1 and group_add_refusal_v1.
-- Locks: the conversation's head; for add both users in the order of their ids; the personal heads likewise.
create or replace function group_change_v1(
  p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_most integer, p_invitations integer
)
returns setof member_told_v1
language plpgsql volatile as $$
declare
  v_kind text;
  v_actor memberships;
  v_was memberships;
  v_is_friend boolean;
  v_code text;
  v_other uuid;
begin
  -- Alone in its statement: the statements below must see what was committed while this one waited.
  perform
  from conversation_heads h
  where h.conversation_id = p_conversation
  for no key update;
  if p_verb = 'add' then
    perform lock_users_v1(array[p_actor, p_user]);
  end if;

  select c.kind into v_kind
  from conversations c
  where c.id = p_conversation;
  select * into v_actor
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_actor;
  select * into v_was
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_user;
  v_is_friend := is_friend_v1(p_actor, p_user);
  v_code := case
    when p_actor is not null and not user_is_live_v1(p_actor) then 'session_ended'
    else group_change_refusal_v1(v_kind, v_actor, v_was, p_verb)
  end;
  if v_code is null and p_verb = 'add' then
    v_code := group_add_refusal_v1(p_conversation, p_actor, p_user, v_was, v_is_friend, p_most, p_invitations);
  end if;
  if v_code is not null then
    return query select v_code, false, p_user, null::bigint, null::bigint, to_json(v_was);
    return;
  end if;

  v_other := case
    when p_verb = 'hand_over' then p_actor
    when p_verb = 'leave' and v_was.role = 'owner' then group_successor_v1(p_conversation, p_user)
  end;
  return query
    select w.code, w.is_written, w.user_id, w.rev, w.feed_rev, w.membership
    from group_write_v1(p_conversation, p_actor, p_user, v_other, p_verb, v_is_friend) w;
end
$$;
