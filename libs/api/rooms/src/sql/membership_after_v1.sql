-- Returns a membership of a room or the lobby as a verb leaves it, or null if the verb changes nothing.
--
-- Computes role, state and muted_until; writes nothing. p_was: the membership, null if none was ever written.
-- p_is_other: the user is not the verb's subject, but the former owner (hand_over) or the next owner (leave).
-- The other arguments are those of membership_change_v3.
create or replace function membership_after_v1(
  p_conversation conversations, p_user uuid, p_was memberships, p_is_other boolean, p_verb text, p_role text,
  p_muted_until timestamptz
)
returns memberships
language plpgsql immutable as $$
declare
  -- The state of a user of whom nothing was ever written.
  v_absent text := case when p_conversation.kind = 'lobby' then 'joined' else 'left' end;
  v_now memberships := p_was;
begin
  v_now.conversation_id := p_conversation.id;
  v_now.user_id := p_user;
  v_now.role := coalesce(p_was.role, 'member');
  v_now.state := coalesce(p_was.state, v_absent);

  if p_is_other then
    v_now.role := case when p_verb = 'hand_over' then 'moderator' else 'owner' end;
  else
    case p_verb
      when 'join' then
        v_now.state := 'joined';
        -- The first to join a room that everybody has left owns it.
        if p_conversation.visibility is not null and p_conversation.member_count = 0 then
          v_now.role := 'owner';
        end if;
      when 'leave', 'remove' then
        v_now.state := 'left';
        v_now.role := 'member';
      when 'ban' then
        v_now.state := 'banned';
        v_now.role := 'member';
      when 'unban' then
        v_now.state := case when v_now.state = 'banned' then v_absent else v_now.state end;
      when 'invite' then
        v_now.state := 'invited';
      when 'mute' then
        v_now.muted_until := p_muted_until;
      when 'unmute' then
        v_now.muted_until := null;
      when 'appoint' then
        v_now.role := p_role;
      when 'hand_over' then
        v_now.role := 'owner';
    end case;
  end if;

  if v_now.state = coalesce(p_was.state, v_absent)
    and v_now.role = coalesce(p_was.role, 'member')
    and v_now.muted_until is not distinct from p_was.muted_until then
    return null;
  end if;
  return v_now;
end
$$;
