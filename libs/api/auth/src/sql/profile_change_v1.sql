-- Changes a user's display name, avatar colour, or both. Null leaves the one or the other as it is.
--
-- p_guest_names, p_member_names and p_window_ms (milliseconds) limit former names, see rename_refusal_v1.
-- Returns one row with a verdict; no row if the user is deleted. Verdicts:
--   changed  rev is that of the user's personal feed, author the new public profile
--   same     nothing differs from the profile, which is in author
--   refused  too many former names; retry_after_ms is null for a guest, who can't try again
-- Locks: the user, the personal head.
create or replace function profile_change_v1(
  p_user uuid, p_name text, p_color text, p_guest_names integer, p_member_names integer, p_window_ms bigint
)
returns table (verdict text, retry_after_ms integer, rev bigint, author json)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_was users;
  v_now timestamptz;
  v_retry_after_ms integer;
  v_rev bigint;
begin
  select * into v_was
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  -- Of the time of the lock: two names that were given up at once would have the same key.
  v_now := clock_timestamp();

  if coalesce(p_name, v_was.display_name) is not distinct from v_was.display_name
    and coalesce(p_color, v_was.avatar_color) is not distinct from v_was.avatar_color
  then
    return query select 'same', null::integer, null::bigint, author_json_v1(v_was);
    return;
  end if;

  if p_name is not null and p_name is distinct from v_was.display_name then
    select r.retry_after_ms into v_retry_after_ms
    from rename_refusal_v1(v_was, p_guest_names, p_member_names, p_window_ms, v_now) r;
    if found then
      return query select 'refused', v_retry_after_ms, null::bigint, null::json;
      return;
    end if;

    insert into former_names (user_id, until, name)
    values (p_user, v_now, v_was.display_name);
  end if;

  v_rev := personal_bump_v1(p_user);
  return query
    update users u
    set
      display_name = coalesce(p_name, u.display_name),
      avatar_color = coalesce(p_color, u.avatar_color),
      profile_rev = u.profile_rev + 1,
      feed_rev = v_rev
    where u.id = p_user
    returning 'changed', null::integer, v_rev, author_json_v1(u);
end
$$;
