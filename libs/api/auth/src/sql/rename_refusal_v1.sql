-- Decides if the limit on former names refuses a user another display name.
--
-- A guest has at most p_max_guest_names former names in all, a member p_max_member_names from the last p_window_ms
-- milliseconds before p_now.
-- Returns one row if the limit is reached, with the milliseconds until the user may try again (null for a guest, for
-- whom that never comes); no row if the user may take another name.
-- The caller holds the lock of the user.
create or replace function rename_refusal_v1(
  p_user users, p_max_guest_names integer, p_max_member_names integer, p_window_ms bigint, p_now timestamptz
)
returns table (retry_after_ms integer)
language sql stable as $$
  select case
    when p_user.kind <> 'guest'
      then milliseconds_until_v1(min(x.until) + p_window_ms * interval '1 millisecond', p_now)
  end
  from (
    select n.until
    from former_names n
    where n.user_id = p_user.id
      and (p_user.kind = 'guest' or n.until > p_now - p_window_ms * interval '1 millisecond')
    order by n.until desc
    -- The oldest of those that count is the one that must run out; names from the time as a guest can be older.
    limit case when p_user.kind = 'guest' then p_max_guest_names else p_max_member_names end
  ) x
  having count(*) >= case when p_user.kind = 'guest' then p_max_guest_names else p_max_member_names end
$$;
