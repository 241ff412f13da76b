-- Deletes a guest who was last seen more than p_unseen_ms milliseconds ago and has no live session to come back with.
--
-- Handles one guest a call: the sessions of a second one would be locked after the personal heads of the first one's
-- friends, which is out of order.
-- Returns what user_forget_v1 returns; no row if the guest came back, is deleted, or is locked by another transaction.
-- Locks: the user, then as user_forget_v1.
create or replace function guest_forget_v2(p_user uuid, p_unseen_ms bigint)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_user uuid;
begin
  select u.id into v_user
  from users u
  where u.id = p_user and guest_is_unseen_v1(u, p_unseen_ms)
  for no key update of u skip locked;

  return query
    select f.user_id, f.rev, f.kind, f.data
    from user_forget_v1(v_user, 'expired') f;
end
$$;
