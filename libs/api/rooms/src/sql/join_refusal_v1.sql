-- Returns why a user may not join a room by themselves, or null.
--
-- p_was: the user's membership, null if none was ever written. p_user_kind: the user's kind.
-- p_invite: the invite link that the user came by, null without one. p_rooms: how many rooms one user may be in.
-- Codes: those of entry_refusal_v1, archived, members_only, limit_reached.
create or replace function join_refusal_v1(
  p_conversation conversations, p_was memberships, p_user uuid, p_user_kind text, p_invite room_invites, p_rooms integer
)
returns text
language sql stable as $$
  select coalesce(
    entry_refusal_v1(p_conversation, p_was, p_user_kind, p_invite),
    case
      when p_conversation.archived_at is not null then 'archived'
      when p_conversation.guest_access = 'none' and p_user_kind = 'guest' then 'members_only'
      when (
        select count(*)
        from memberships m
        join conversations c on c.id = m.conversation_id
        where m.user_id = p_user and m.state = 'joined' and c.kind = 'room'
      ) >= p_rooms then 'limit_reached'
    end
  )
$$;
