-- Revokes an invite link of a room. Idempotent: a second call keeps the time of the first.
--
-- Returns one row: the refusal's code or null, and the link as a row of room_invites (null if refused).
-- Locks: the conversation head, the link.
-- Codes: those of invite_refusal_v1; not_found also if the room has no such link.
create or replace function invite_revoke_v1(p_conversation uuid, p_actor uuid, p_id uuid)
returns table (code text, invite json)
language plpgsql volatile as $$
declare
  v_code text;
  v_invite room_invites;
begin
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;

  v_code := invite_refusal_v1(p_conversation, p_actor);
  if v_code is null then
    update room_invites i
    set revoked_at = coalesce(i.revoked_at, clock_timestamp())
    where i.conversation_id = p_conversation and i.id = p_id
    returning i.* into v_invite;
    v_code := case when v_invite.id is null then 'not_found' end;
  end if;
  return query select v_code, to_json(v_invite);
end
$$;
