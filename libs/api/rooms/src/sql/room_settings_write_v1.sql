-- Writes the settings of a room, and p_rev as the rev at which they changed.
--
-- Returns false, with nothing written, if the slug is taken. p_now: the room as it becomes; its slug is p_slugs[1].
-- p_slugs and p_skeletons: the choices in order, and their UTS #39 skeletons.
-- Locks: the caller holds the lock of the conversation head. Then the conversation.
create or replace function room_settings_write_v1(
  p_now conversations, p_rev bigint, p_slugs text[], p_skeletons text[]
)
returns boolean
language plpgsql volatile as $$
declare
  v_choice integer := 1;
begin
  loop
    begin
      update conversations c
      set title = p_now.title, name_key = p_now.name_key, topic = p_now.topic,
        slug = p_now.slug, slug_skeleton = p_now.slug_skeleton,
        visibility = p_now.visibility, guest_access = p_now.guest_access, is_announcement = p_now.is_announcement,
        slow_mode_ms = p_now.slow_mode_ms, retention_ms = p_now.retention_ms, archived_at = p_now.archived_at,
        settings_rev = p_rev
      where c.id = p_now.id;
      return true;
    exception when unique_violation then
      -- A private room takes the next slug: an error would tell of the other private room that has this one.
      v_choice := v_choice + 1;
      if p_now.visibility <> 'private' or p_slugs[v_choice] is null then
        return false;
      end if;
      p_now.slug := p_slugs[v_choice];
      p_now.slug_skeleton := p_skeletons[v_choice];
    end;
  end loop;
end
$$;
