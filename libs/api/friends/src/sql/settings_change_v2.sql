-- Changes personal settings of a user. Null leaves a setting as it is.
--
-- p_who: who may message the user (friends, rooms, anyone). p_accepts: friend requests and invitations are accepted.
-- p_offline: the user appears offline. p_seen: last seen is shown. p_receipts: read receipts are sent.
-- Returns one row: the change to publish in the user's personal feed, of kind settings; or of kind exists without a rev
-- if nothing changes; both with the settings as data. For a deleted user, of kind refused with the code session_ended.
-- Locks: the heads of the user's direct conversations in the order of their ids (the settings decide who may write
-- there), the user, the personal head, the settings.
create or replace function settings_change_v2(
  p_user uuid, p_who text, p_accepts boolean, p_offline boolean, p_seen boolean, p_receipts boolean
)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_was personal_settings;
  v_now personal_settings;
begin
  perform
  from conversation_heads h
  where h.conversation_id in (
    select c.id
    from memberships m
    join conversations c on c.id = m.conversation_id
    where m.user_id = p_user and c.kind = 'direct'
  )
  order by h.conversation_id
  for no key update;
  perform
  from users u
  where u.id = p_user
  for no key update;

  if not user_is_live_v1(p_user) then
    return query select p_user, null::bigint, 'refused', to_json('session_ended'::text);
    return;
  end if;

  v_was := settings_of_v1(p_user);
  v_now := v_was;
  v_now.who_may_message := coalesce(p_who, v_was.who_may_message);
  v_now.accepts_requests := coalesce(p_accepts, v_was.accepts_requests);
  v_now.appears_offline := coalesce(p_offline, v_was.appears_offline);
  v_now.shows_last_seen := coalesce(p_seen, v_was.shows_last_seen);
  v_now.sends_receipts := coalesce(p_receipts, v_was.sends_receipts);
  if v_now is not distinct from v_was then
    return query select p_user, null::bigint, 'exists', to_json(v_was);
    return;
  end if;

  v_now.feed_rev := personal_bump_v1(p_user);
  insert into personal_settings
  values (v_now.*)
  on conflict (user_id) do update
  set
    who_may_message = excluded.who_may_message,
    accepts_requests = excluded.accepts_requests,
    appears_offline = excluded.appears_offline,
    shows_last_seen = excluded.shows_last_seen,
    sends_receipts = excluded.sends_receipts,
    feed_rev = excluded.feed_rev;
  return query select p_user, v_now.feed_rev, 'settings', to_json(v_now);
end
$$;
