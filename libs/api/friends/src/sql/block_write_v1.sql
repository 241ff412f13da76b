-- Writes the level at which p_user blocks p_other (none, muted, blocked), at the rev p_rev of p_user's feed.
--
-- A block of a guest stores the key of their address, by which has_blocked_v1 recognises new guests from there.
-- Returns the change to publish in p_user's personal feed. p_other must be a user.
-- Locks: the block. The caller holds the locks of lock_pair_v1 and of p_user's personal head.
create or replace function block_write_v1(p_user uuid, p_other uuid, p_level text, p_rev bigint)
returns personal_told_v1
language sql volatile as $$
  insert into blocks as b (user_id, other_id, level, address_key, at, feed_rev)
  select
    p_user,
    p_other,
    p_level,
    case when p_level = 'blocked' and u.kind = 'guest' then u.address_key end,
    clock_timestamp(),
    p_rev
  from users u
  where u.id = p_other
  on conflict (user_id, other_id) do update
  set
    level = excluded.level,
    address_key = excluded.address_key,
    at = excluded.at,
    feed_rev = excluded.feed_rev
  returning b.user_id, b.feed_rev, 'block', to_json(b)
$$;
