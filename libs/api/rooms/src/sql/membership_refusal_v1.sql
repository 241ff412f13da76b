-- Returns why a member may not administer another user's membership, or null.
--
-- p_actor and p_was: the memberships of the one who acts and of the user it is about, null if never written.
-- p_verb: invite, remove, ban, unban, mute, unmute, appoint, hand_over. p_role: the new role (appoint only).
-- Codes: forbidden, not_found, archived; exists if the membership is so already.
create or replace function membership_refusal_v1(
  p_conversation conversations, p_actor memberships, p_was memberships, p_verb text, p_role text
)
returns text
language sql immutable as $$
  select case
    when p_actor.state is distinct from 'joined' then 'forbidden'
    when p_verb = 'hand_over' then case
      when p_actor.role <> 'owner' then 'forbidden'
      when p_was.state is distinct from 'joined' then 'not_found'
      when p_was.role = 'owner' then 'exists'
    end

    -- Everything else needs a role above the other's, and gives only roles below one's own.
    when array_position(array['member', 'moderator', 'owner'], p_actor.role)
      <= array_position(array['member', 'moderator', 'owner'], coalesce(p_was.role, 'member')) then 'forbidden'
    when p_verb = 'appoint'
      and array_position(array['member', 'moderator', 'owner'], p_actor.role)
        <= array_position(array['member', 'moderator', 'owner'], p_role) then 'forbidden'

    when p_verb = 'invite' then case
      when p_was.state in ('joined', 'invited') then 'exists'
      when p_was.state = 'banned' then 'forbidden'
      when p_conversation.archived_at is not null then 'archived'
    end
    when p_verb = 'remove' then case
      when p_was.state is null then 'not_found'
      when p_was.state not in ('joined', 'invited') then 'exists'
    end
  end
$$;
