-- Returns the error code with which a conversation refuses a change of one of its messages, or null: write_refusal_v1
-- of the author's membership as it is now. p_kind: edit | delete | react | pin.
create or replace function change_refusal_v1(p_kind text, p_conversation uuid, p_author users, p_now timestamptz)
returns text
language sql stable as $$
  select write_refusal_v1(p_kind, c, m, p_author, p_now)
  from conversations c
  left join memberships m on m.conversation_id = c.id and m.user_id = p_author.id
  where c.id = p_conversation
$$;
