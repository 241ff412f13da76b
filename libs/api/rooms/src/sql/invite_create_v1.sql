-- Creates an invite link of a room.
--
-- Returns one row: the refusal's code or null, and the link as a row of room_invites (null if refused).
-- p_hash: the hash of the link's token. p_max_uses and p_expires_ms (lifetime in ms): null for no limit.
-- p_most: how many links of the room may be open at once.
-- Locks: the conversation head.
-- Codes: those of invite_refusal_v1, archived, limit_reached.
create or replace function invite_create_v1(
  p_conversation uuid, p_actor uuid, p_id uuid, p_hash bytea, p_max_uses integer, p_expires_ms bigint, p_most integer
)
returns table (code text, invite json)
language plpgsql volatile as $$
declare
  v_code text;
  v_invite room_invites;
begin
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;

  v_code := coalesce(
    invite_refusal_v1(p_conversation, p_actor),
    case
      when (select c.archived_at from conversations c where c.id = p_conversation) is not null then 'archived'
      when (
        select count(*)
        from room_invites i
        where i.conversation_id = p_conversation and invite_is_open_v1(i)
      ) >= p_most then 'limit_reached'
    end
  );
  if v_code is null then
    insert into room_invites as i (id, conversation_id, token_hash, created_by, created_at, expires_at, max_uses)
    values (
      p_id, p_conversation, p_hash, p_actor, date_trunc('milliseconds', clock_timestamp()),
      clock_timestamp() + p_expires_ms * interval '1 millisecond', p_max_uses
    )
    returning i.* into v_invite;
  end if;
  return query select v_code, to_json(v_invite);
end
$$;
