-- Locks everything that decides what two users may do with each other.
--
-- The caller reads in later statements, whose snapshots are newer than the locks.
-- Locks: the head of their direct conversation if they have one, then both users in the order of their ids.
create or replace function lock_pair_v1(p_one uuid, p_two uuid)
returns void
language plpgsql volatile as $$
begin
  perform
  from conversation_heads h
  where h.conversation_id = (
    select c.id
    from conversations c
    where c.direct_low = least(p_one, p_two) and c.direct_high = greatest(p_one, p_two)
  )
  for no key update;

  perform lock_users_v1(array[p_one, p_two]);
end
$$;
