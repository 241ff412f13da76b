-- Writes p_user's row of the friendship with p_other, at the rev p_rev of p_user's personal feed.
--
-- p_declined is true if p_user declines a request. The row keeps the time of that as long as its state is none.
-- Returns the change to publish in p_user's personal feed.
-- Locks: the row. The caller holds the locks of a user of the pair and of p_user's personal head.
create or replace function friend_write_v1(
  p_user uuid, p_other uuid, p_state text, p_note text, p_rev bigint, p_declined boolean
)
returns personal_told_v1
language sql volatile as $$
  insert into friendships as f (user_id, other_id, state, note, at, declined_at, feed_rev)
  values (
    p_user,
    p_other,
    p_state,
    p_note,
    clock_timestamp(),
    case when p_declined then clock_timestamp() end,
    p_rev
  )
  on conflict (user_id, other_id) do update
  set
    state = excluded.state,
    note = excluded.note,
    at = excluded.at,
    declined_at = coalesce(excluded.declined_at, case when excluded.state = 'none' then f.declined_at end),
    feed_rev = excluded.feed_rev
  returning f.user_id, f.feed_rev, 'friend', to_json(f)
$$;
