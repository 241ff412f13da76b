-- Takes the next rev of a conversation's feed and returns it.
-- Locks: the conversation head.
create or replace function next_rev_v1(p_conversation uuid)
returns bigint
language sql volatile as $$
  update conversation_heads h
  set rev = h.rev + 1
  where h.conversation_id = p_conversation
  returning h.rev
$$;
