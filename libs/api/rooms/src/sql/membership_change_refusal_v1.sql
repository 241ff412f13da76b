-- Returns why membership_change_v3 may not change a membership, or null.
--
-- p_actor and p_was: the memberships of p_actor_id and p_user, null if never written. p_actor_id null is the server.
-- p_user_kind: the user's kind, null for an unknown user. The other arguments are those of membership_change_v3.
-- Codes: not_found, banned, forbidden, those of join_refusal_v1, membership_refusal_v1 and group_refusal_v1,
-- limit_reached; exists if the membership is so already.
create or replace function membership_change_refusal_v1(
  p_conversation conversations, p_actor memberships, p_was memberships, p_actor_id uuid, p_user uuid, p_user_kind text,
  p_verb text, p_role text, p_invite room_invites, p_invitations integer, p_rooms integer
)
returns text
language sql stable as $$
  select case
    when p_conversation.id is null or p_user_kind is null then 'not_found'
    when p_verb in ('join', 'leave') then case
      when p_was.state = 'banned' then 'banned'
      -- Users join and leave only for themselves. Everybody is always in the lobby.
      when p_actor_id <> p_user or p_conversation.kind = 'lobby' then 'forbidden'
      when p_verb = 'leave' then
        case when coalesce(p_was.state, 'left') = 'left' then 'exists' end
      when p_was.state = 'joined' then 'exists'
      when p_actor_id is not null then
        join_refusal_v1(p_conversation, p_was, p_user, p_user_kind, p_invite, p_rooms)
    end
    else coalesce(
      case when p_actor_id is not null then
        membership_refusal_v1(p_conversation, p_actor, p_was, p_verb, p_role)
      end,
      case when p_actor_id is not null and p_verb = 'invite' then coalesce(
        group_refusal_v1(p_actor_id, p_user),
        case when (
          select count(*)
          from memberships m
          where m.invited_by = p_actor_id and m.state = 'invited'
        ) >= p_invitations then 'limit_reached' end
      ) end,
      -- The server is bound by this too. Everybody is in the lobby; a room knows only those who have a membership.
      case
        when p_verb in ('mute', 'unmute', 'appoint') and p_was.state is null and p_conversation.kind <> 'lobby'
          then 'not_found'
        when p_verb = 'appoint' and p_was.state = 'banned' then 'not_found'
      end
    )
  end
$$;
