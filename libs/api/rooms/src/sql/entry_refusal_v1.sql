-- Returns why a user may not enter a room by themselves, or null.
--
-- A private room admits users who are invited or come by an open invite link.
-- p_was: the user's membership, null if none was ever written. p_kind: not used.
-- p_invite: the link, which must be of this room; null without one.
-- Codes: not_found, invite_ended.
create or replace function entry_refusal_v1(
  p_conversation conversations, p_was memberships, p_kind text, p_invite room_invites
)
returns text
language sql stable as $$
  select case
    when p_conversation.kind <> 'room' then 'not_found'
    when p_conversation.visibility = 'private' and p_was.state is distinct from 'invited' then case
      when p_invite.id is null then 'not_found'
      when p_invite.revoked_at is not null
        or p_invite.expires_at <= clock_timestamp()
        or p_invite.uses >= p_invite.max_uses then 'invite_ended'
    end
  end
$$;
