-- Revokes the right of two users to answer each other in their direct conversation, which each has once the other has
-- written there. From then on their settings decide.
--
-- Locks: both memberships. The caller holds the lock of the conversation's head.
create or replace function direct_replies_revoke_v1(p_one uuid, p_two uuid)
returns void
language sql volatile as $$
  update memberships m
  set has_written = false
  from conversations c
  where c.direct_low = least(p_one, p_two)
    and c.direct_high = greatest(p_one, p_two)
    and m.conversation_id = c.id
$$;
