-- Returns the error code with which a conversation refuses a user to read it, or null.
-- Codes: banned, not_found.
create or replace function read_refusal_v1(p_conversation uuid, p_user uuid)
returns text
language sql stable as $$
  select refusal_v1(c.kind, m.state, null, false, now())
  from conversations c
  left join memberships m on m.conversation_id = c.id and m.user_id = p_user
  where c.id = p_conversation
$$;
