-- Pins, archives or clears a conversation for one user. Each null leaves its mark as it is.
--
-- p_archived: the conversation is archived up to the present head. p_cleared: the seq up to which the user no longer
-- sees it; it never falls, and what is cleared is read. p_pins: how many conversations one user may pin.
-- Returns one row: of kind membership if it was written, exists if nothing changed, refused with the code.
-- Locks: the personal head, the membership. Never the conversation head.
-- Codes: not_found (the user is not joined), limit_reached.
create or replace function membership_place_v1(
  p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_pins integer
)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_seq bigint;
  v_was memberships;
  v_now memberships;
  v_rev bigint;
begin
  -- Serialises this with everything else that the user does.
  perform from personal_heads h where h.user_id = p_user for no key update;
  select h.seq into v_seq from conversation_heads h where h.conversation_id = p_conversation;
  select * into v_was
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_user and m.state = 'joined';

  if v_was.user_id is null then
    return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
    return;
  end if;
  if p_pinned and v_was.pinned_at is null and (
    select count(*)
    from memberships m
    where m.user_id = p_user and m.state = 'joined' and m.pinned_at is not null
  ) >= p_pins then
    return query select p_user, null::bigint, 'refused', to_json('limit_reached'::text);
    return;
  end if;

  v_now := v_was;
  v_now.pinned_at := case
    when p_pinned then coalesce(v_was.pinned_at, date_trunc('milliseconds', clock_timestamp()))
    when p_pinned is null then v_was.pinned_at
  end;
  v_now.archived_seq := case
    when p_archived then v_seq
    when p_archived is null then v_was.archived_seq
  end;
  -- least() ignores nulls, so it would clear everything where p_cleared is null.
  v_now.cleared_seq := greatest(v_was.cleared_seq, case when p_cleared is not null then least(p_cleared, v_seq) end);
  v_now.read_seq := greatest(v_was.read_seq, v_now.cleared_seq);
  if v_now is not distinct from v_was then
    return query select p_user, null::bigint, 'exists', to_json(v_was);
    return;
  end if;

  v_rev := personal_bump_v1(p_user);
  return query
    update memberships m
    set pinned_at = v_now.pinned_at, archived_seq = v_now.archived_seq, cleared_seq = v_now.cleared_seq,
      read_seq = greatest(m.read_seq, v_now.read_seq), feed_rev = v_rev
    where m.conversation_id = p_conversation and m.user_id = p_user
    returning m.user_id, m.feed_rev, 'membership', to_json(m);
end
$$;
