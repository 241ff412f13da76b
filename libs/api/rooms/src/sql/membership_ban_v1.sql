-- Bans a user from a room or the lobby, and with p_address_ms also the address of a guest, see address_ban_v1.
--
-- Returns the rows of membership_change_v3, each with the result of address_ban_v1, or null if the ban was refused or
-- p_address_ms is null. Repeating a ban can add the address. p_address_users: p_people of address_ban_v1.
-- Codes: those of membership_change_v3.
-- Locks: those of membership_change_v3, then the address ban.
create or replace function membership_ban_v1(
  p_conversation uuid, p_actor uuid, p_user uuid, p_large integer, p_invitations integer, p_rooms integer,
  p_address_ms bigint, p_address_users integer
)
returns table (
  code text, is_written boolean, user_id uuid, rev bigint, feed_rev bigint, membership json, address text
)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_told member_told_v1;
begin
  for v_told in
    select t.code, t.is_written, t.user_id, t.rev, t.feed_rev, t.membership
    from membership_change_v3(
      p_conversation, p_actor, p_user, 'ban', null, null, p_large, null, p_invitations, p_rooms
    ) t
  loop
    return query select v_told.code, v_told.is_written, v_told.user_id, v_told.rev, v_told.feed_rev, v_told.membership,
      case when p_address_ms is not null and coalesce(v_told.code, 'exists') = 'exists'
        then address_ban_v1(p_conversation, p_user, p_address_ms, p_address_users)
      end;
    if v_told.code = 'exists' then
      -- Whoever was banned by their address is banned by name from now on.
      delete from address_banned x where x.conversation_id = p_conversation and x.user_id = p_user;
    end if;
  end loop;
end
$$;
