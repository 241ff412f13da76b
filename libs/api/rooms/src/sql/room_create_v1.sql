-- Creates a room with its owner, under the first of the slugs that is free.
--
-- Returns the owner's membership; or one row with is_written false and the code, which is exists for a repeat.
-- p_room: {title, nameKey, visibility, topic, guests, isAnnouncement}. p_slugs and p_skeletons: the choices in order,
-- and their UTS #39 skeletons. p_is_chosen: the user chose the first slug, so that it is refused if it is taken. The
-- slug of a private room never counts as taken, because nobody may learn of that room: if the new room is private too,
-- it gets the next slug.
-- p_guest_per_day and p_member_per_day: how many rooms a guest or a member may create in 24 hours.
-- Locks: the user; those of slugs_lock_v1; then, of the new room, those of member_write_v1.
-- Codes: those of room_create_refusal_v1.
create or replace function room_create_v1(
  p_actor uuid, p_id uuid, p_room json, p_slugs text[], p_skeletons text[], p_is_chosen boolean,
  p_guest_per_day integer, p_member_per_day integer
)
returns setof member_told_v1
language plpgsql volatile as $$
declare
  v_kind text;
  v_code text;
  v_visibility text := p_room->>'visibility';
  v_is_new boolean := false;
begin
  select u.kind into v_kind from users u where u.id = p_actor and u.anonymised_at is null for no key update;

  perform slugs_lock_v1(p_skeletons);
  v_code := room_create_refusal_v1(
    p_actor, v_kind, p_id, v_visibility, p_slugs[1], p_skeletons[1], p_is_chosen, p_guest_per_day, p_member_per_day
  );
  if v_code is null then
    for i in 1 .. cardinality(p_slugs) loop
      continue when v_visibility <> 'private' and slug_is_taken_v1(p_slugs[i], p_skeletons[i], p_id);
      -- Of two calls for the same room or slug at once, the second waits here and then inserts nothing.
      insert into conversations (
        id, kind, title, name_key, slug, slug_skeleton, visibility, topic, guest_access, is_announcement, created_by
      )
      values (
        p_id, 'room', p_room->>'title', p_room->>'nameKey', p_slugs[i], p_skeletons[i], v_visibility, p_room->>'topic',
        p_room->>'guests', (p_room->>'isAnnouncement')::boolean, p_actor
      )
      on conflict do nothing;
      -- FOUND of the loop itself says only that it ran.
      v_is_new := found;
      exit when v_is_new;
    end loop;
    if not v_is_new then
      v_code := case
        when exists (select from conversations c where c.id = p_id) then 'id_taken'
        else 'slug_taken'
      end;
    end if;
  end if;
  if v_code is not null then
    return query select v_code, false, p_actor, null::bigint, null::bigint, null::json;
    return;
  end if;

  insert into conversation_heads (conversation_id) values (p_id);
  insert into room_activity (conversation_id, at) values (p_id, date_trunc('milliseconds', clock_timestamp()));
  return next member_write_v1(p_id, p_actor, 'owner', 'joined', null);
end
$$;
