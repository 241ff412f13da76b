-- Returns true if an invite link can still be used: not revoked, not expired, not used up.
create or replace function invite_is_open_v1(p_invite room_invites)
returns boolean
language sql volatile as $$
  select p_invite.revoked_at is null
    and coalesce(p_invite.expires_at > clock_timestamp(), true)
    and coalesce(p_invite.uses < p_invite.max_uses, true)
$$;
