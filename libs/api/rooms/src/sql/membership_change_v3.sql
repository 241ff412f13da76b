-- Changes a membership of a room or the lobby. If the room gets another owner, changes the role of both.
--
-- Returns one row for each membership written. If the change is refused, returns one row with is_written false, the
-- code and the user's membership as it stands; the code is exists if the membership is so already.
-- p_verb: join, leave, invite, remove, ban, unban, mute, unmute, appoint, hand_over. p_actor: null is the server.
-- p_role: the new role (appoint). p_muted_until: the end of the mute (mute). p_invite: the hash of the invite link's
-- token (join), null without one. p_large: with more members than this, joins and leaves take no rev of the
-- conversation. p_invitations: how many open invitations one user may have sent. p_rooms: how many rooms one user may
-- be in.
-- Locks: the conversation head; for invite the two users by id; the invite link that is used up; then for each user,
-- by id, those of membership_change_write_v1.
-- Codes: those of membership_change_refusal_v1.
create or replace function membership_change_v3(
  p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_role text, p_muted_until timestamptz, p_large integer,
  p_invite bytea, p_invitations integer, p_rooms integer
)
returns setof member_told_v1
language plpgsql volatile as $$
declare
  v_conversation conversations;
  v_actor memberships;
  v_was memberships;
  v_now memberships;
  v_kind text;
  v_invite room_invites;
  v_code text;
  v_other uuid;
  v_user uuid;
begin
  -- Alone in its statement: what follows must see what was committed while this waited.
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
  if p_verb = 'invite' then
    perform from users u where u.id in (p_actor, p_user) order by u.id for no key update;
  end if;
  select * into v_conversation from conversations c where c.id = p_conversation;
  select * into v_actor from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor;
  select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
  select u.kind into v_kind from users u where u.id = p_user;
  select * into v_invite from room_invites i where i.conversation_id = p_conversation and i.token_hash = p_invite;

  v_code := membership_change_refusal_v1(
    v_conversation, v_actor, v_was, p_actor, p_user, v_kind, p_verb, p_role, v_invite, p_invitations, p_rooms
  );
  if v_code is null then
    v_other := case
      when p_verb = 'hand_over' then p_actor
      when p_verb = 'leave' and v_was.role = 'owner' then next_owner_v1(p_conversation, p_user)
    end;
    if p_verb = 'join' and v_conversation.visibility = 'private' and v_was.state is distinct from 'invited' then
      update room_invites i set uses = i.uses + 1 where i.id = v_invite.id;
    end if;

    for v_user in
      select x.id from unnest(array[p_user, v_other]) as x(id) where x.id is not null order by x.id
    loop
      select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = v_user;
      v_now := membership_after_v1(
        v_conversation, v_user, v_was, v_user is not distinct from v_other, p_verb, p_role,
        stored_time_v1(p_muted_until)
      );
      if v_now.user_id is null then
        v_code := 'exists';
        exit;
      end if;
      return next membership_change_write_v1(v_conversation, p_actor, p_verb, v_was, v_now, p_large);
    end loop;
  end if;

  if v_code is not null then
    return query select v_code, false, p_user, null::bigint, null::bigint,
      membership_json_v1(p_conversation, v_conversation.kind, p_user);
  end if;
end
$$;
