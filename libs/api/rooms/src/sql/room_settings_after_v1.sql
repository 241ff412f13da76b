-- Returns a room as a change of its settings leaves it. Computes; writes nothing.
--
-- p_was: the room. p_change: as in room_settings_v1. p_slug and p_skeleton: the new slug, null if the slug stays.
create or replace function room_settings_after_v1(
  p_was conversations, p_change jsonb, p_slug text, p_skeleton text
)
returns conversations
language plpgsql volatile as $$
declare
  v_now conversations := p_was;
begin
  v_now.title := coalesce(p_change->>'title', p_was.title);
  v_now.name_key := coalesce(p_change->>'nameKey', p_was.name_key);
  v_now.visibility := coalesce(p_change->>'visibility', p_was.visibility);
  v_now.guest_access := coalesce(p_change->>'guests', p_was.guest_access);
  v_now.is_announcement := coalesce((p_change->>'isAnnouncement')::boolean, p_was.is_announcement);
  v_now.slow_mode_ms := coalesce((p_change->>'slowModeMs')::integer, p_was.slow_mode_ms);
  v_now.slug := coalesce(p_slug, p_was.slug);
  v_now.slug_skeleton := coalesce(p_skeleton, p_was.slug_skeleton);

  -- Null is a value of these.
  if p_change ? 'topic' then
    v_now.topic := p_change->>'topic';
  end if;
  if p_change ? 'retentionMs' then
    v_now.retention_ms := (p_change->>'retentionMs')::bigint;
  end if;
  if p_change ? 'isArchived' then
    v_now.archived_at := case when (p_change->>'isArchived')::boolean then
      coalesce(p_was.archived_at, date_trunc('milliseconds', clock_timestamp()))
    end;
  end if;
  return v_now;
end
$$;
