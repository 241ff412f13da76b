-- Deletes one guest who was last seen more than p_unseen_ms milliseconds ago and has no live session to come back with.
-- Called by the release before only. guest_forget_v2 takes the guest, so that one that fails doesn't stop the others.
--
-- Takes the guest with the earliest last_seen_at, and skips those whose row another transaction has locked. Handles
-- one guest a call: the sessions of a second one would be locked after the personal heads of the first one's friends,
-- which is out of order.
-- Returns what user_forget_v1 returns; no row if there is no such guest.
-- Locks: the user, then as user_forget_v1.
create or replace function guest_forget_v1(p_unseen_ms bigint)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_user uuid;
begin
  select u.id into v_user
  from users u
  where u.kind = 'guest'
    and u.anonymised_at is null
    and u.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
    and not exists (
      select
      from sessions s
      where s.user_id = u.id and s.ended_at is null and s.expires_at > now()
    )
  order by u.last_seen_at
  limit 1
  for no key update of u skip locked;

  return query
    select f.user_id, f.rev, f.kind, f.data
    from user_forget_v1(v_user, 'expired') f;
end
$$;
