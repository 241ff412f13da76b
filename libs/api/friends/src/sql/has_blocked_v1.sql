-- Returns true if p_user has blocked p_other.
--
-- For one day, the block of a guest also covers guests who are created from the same address after the block.
create or replace function has_blocked_v1(p_user uuid, p_other uuid)
returns boolean
language sql stable as $$
  select exists (
    select
    from blocks b
    where b.user_id = p_user and b.other_id = p_other and b.level = 'blocked'
  ) or exists (
    select
    from users u
    join blocks b on b.user_id = p_user and b.address_key = u.address_key
    where u.id = p_other
      and u.kind = 'guest'
      and u.address_key is not null
      and b.level = 'blocked'
      and u.created_at > b.at
      and b.at > now() - interval '1 day'
  )
$$;
