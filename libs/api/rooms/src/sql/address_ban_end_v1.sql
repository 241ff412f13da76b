-- Ends the ban of a guest that followed from their address, unless it has become a ban by name meanwhile.
--
-- Returns the rows of membership_change_v3; no row if the guest is banned by name. Idempotent.
-- Locks: those of membership_change_v3, the guest's ban by address.
-- Codes: those of membership_change_v3.
create or replace function address_ban_end_v1(
  p_conversation uuid, p_user uuid, p_large integer, p_invitations integer, p_rooms integer
)
returns setof member_told_v1
language plpgsql volatile as $$
begin
  -- Alone in its statement: what follows must see what was committed while this waited.
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
  if not exists (
    select from address_banned x where x.conversation_id = p_conversation and x.user_id = p_user
  ) then
    return;
  end if;
  return query
    select t.code, t.is_written, t.user_id, t.rev, t.feed_rev, t.membership
    from membership_change_v3(
      p_conversation, null, p_user, 'unban', null, null, p_large, null, p_invitations, p_rooms
    ) t;
  -- Also where the conversation or the guest is gone.
  delete from address_banned x where x.conversation_id = p_conversation and x.user_id = p_user;
end
$$;
