-- Locks users in the order of their ids. Ignores null and unknown ids.
--
-- Locks: the users.
create or replace function lock_users_v1(p_ids uuid[])
returns void
language plpgsql volatile as $$
begin
  perform
  from users u
  where u.id = any (p_ids)
  order by u.id
  for no key update;
end
$$;
