-- Changes the settings of a room that p_change names. Moderators may change some of them, the owner all.
--
-- Returns one row: the refusal's code or null, and the conversation's new rev, null if nothing changed.
-- p_change: any of {title, nameKey, topic, visibility, guests, isAnnouncement, slowModeMs, retentionMs, isArchived,
-- slug}. p_slugs and p_skeletons: the choices for a new slug in order, and their UTS #39 skeletons; empty if it stays.
-- Locks: the conversation head, those of slugs_lock_v1, the conversation, the former slug, the slow marks.
-- Codes: those of room_settings_refusal_v1; slug_taken.
create or replace function room_settings_v1(
  p_conversation uuid, p_actor uuid, p_change jsonb, p_slugs text[], p_skeletons text[]
)
returns table (code text, rev bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_was conversations;
  v_now conversations;
  v_role text;
  v_code text;
  v_head conversation_heads;
begin
  -- Alone in its statement: what follows must see what was committed while this waited.
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
  select * into v_head from conversation_heads h where h.conversation_id = p_conversation;
  select * into v_was from conversations c where c.id = p_conversation;
  select m.role into v_role
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_actor and m.state = 'joined';

  if cardinality(p_slugs) > 0 then
    perform slugs_lock_v1(p_skeletons || v_was.slug_skeleton);
  end if;
  v_code := room_settings_refusal_v1(v_was, v_role, p_change, p_slugs[1], p_skeletons[1]);
  if v_code is not null then
    return query select v_code, null::bigint;
    return;
  end if;
  v_now := room_settings_after_v1(v_was, p_change, p_slugs[1], p_skeletons[1]);
  if v_now is not distinct from v_was then
    return query select null::text, null::bigint;
    return;
  end if;

  if not room_settings_write_v1(v_now, v_head.rev + 1, p_slugs, p_skeletons) then
    return query select 'slug_taken', null::bigint;
    return;
  end if;

  perform slug_leave_v1(v_was);
  update conversation_heads h set rev = v_head.rev + 1 where h.conversation_id = p_conversation;
  if v_was.slow_mode_ms = 0 and v_now.slow_mode_ms > 0 then
    perform slow_mode_start_v1(p_conversation, v_now.slow_mode_ms, v_head.seq);
  end if;
  return query select null::text, v_head.rev + 1;
end
$$;
