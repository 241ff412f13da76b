-- Increments the rev of a user's personal feed and returns it. The first rev is 1.
--
-- A caller that bumps the feeds of several users does so in the order of their ids.
-- Locks: the personal head.
create or replace function personal_bump_v1(p_user uuid)
returns bigint
language sql volatile as $$
  insert into personal_heads (user_id, rev)
  values (p_user, 1)
  on conflict (user_id) do update set rev = personal_heads.rev + 1
  returning rev
$$;
