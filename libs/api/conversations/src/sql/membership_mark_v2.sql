-- Changes a user's own marks of a conversation: pinned, archived, cleared, and how much they are notified of.
--
-- Each null leaves its mark as it is; p_quiet, the end of the quiet time, is written if p_sets_quiet. p_notices: all,
-- mentions or none. p_pinned, p_archived, p_cleared and p_pins: as in membership_place_v1. In the lobby, where nobody
-- has a membership, only p_notices and p_quiet can be set.
-- Returns a row of kind membership for each write; of kind exists if nothing changed; of kind refused with the code.
-- Locks: the personal head, the membership. Never the conversation head.
-- Codes: session_ended (the user is deleted), not_found, limit_reached.
create or replace function membership_mark_v2(
  p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_notices text,
  p_sets_quiet boolean, p_quiet timestamptz, p_pins integer
)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_kind text;
  v_was memberships;
  v_places boolean := p_pinned is not null or p_archived is not null or p_cleared is not null;
  v_quiet timestamptz := stored_time_v1(p_quiet);
  v_rev bigint;
begin
  -- Serialises this with everything else that the user does, and with their deletion.
  insert into personal_heads (user_id) values (p_user) on conflict do nothing;
  perform from personal_heads h where h.user_id = p_user for no key update;
  if not user_is_live_v1(p_user) then
    return query select p_user, null::bigint, 'refused', to_json('session_ended'::text);
    return;
  end if;
  select c.kind into v_kind from conversations c where c.id = p_conversation;
  select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;

  if v_kind = 'lobby' and v_places then
    return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
    return;
  end if;
  if v_kind = 'lobby' and v_was.user_id is null then
    v_rev := personal_bump_v1(p_user);
    return query
      insert into memberships as m (conversation_id, user_id, state, notices, quiet_until, feed_rev)
      values (p_conversation, p_user, 'joined', p_notices, v_quiet, v_rev)
      returning m.user_id, m.feed_rev, 'membership', to_json(m);
    return;
  end if;

  if v_was.state = 'joined' and (
    (p_notices is not null and p_notices is distinct from v_was.notices)
    or (p_sets_quiet and v_quiet is distinct from v_was.quiet_until)
  ) then
    v_rev := personal_bump_v1(p_user);
    return query
      update memberships m
      set notices = coalesce(p_notices, m.notices),
        quiet_until = case when p_sets_quiet then v_quiet else m.quiet_until end,
        feed_rev = v_rev
      where m.conversation_id = p_conversation and m.user_id = p_user
      returning m.user_id, m.feed_rev, 'membership', to_json(m);
    if not v_places then
      return;
    end if;
  end if;
  return query
    select placed.user_id, placed.rev, placed.kind, placed.data
    from membership_place_v1(p_user, p_conversation, p_pinned, p_archived, p_cleared, p_pins) placed;
end
$$;
