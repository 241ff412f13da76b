-- Returns true if p_user and p_other are friends.
create or replace function is_friend_v1(p_user uuid, p_other uuid)
returns boolean
language sql stable as $$
  select exists (
    select
    from friendships f
    where f.user_id = p_user and f.other_id = p_other and f.state = 'friend'
  )
$$;
