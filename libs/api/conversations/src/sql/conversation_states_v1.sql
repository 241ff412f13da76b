-- A conversation with its head: everything about it that is the same for all of its readers.
create or replace view conversation_states_v1 as
select
  c.id,
  c.kind,
  c.title,
  c.slug,
  c.slow_mode_ms,
  c.retention_ms,
  c.settings_rev,
  h.seq,
  h.rev,
  h.floor_seq,
  h.floor_rev,
  h.last_at,
  c.direct_low,
  c.direct_high,
  c.color,
  c.topic,
  c.visibility,
  c.guest_access,
  c.is_announcement,
  c.archived_at,
  c.member_count
from conversations c
join conversation_heads h on h.conversation_id = c.id;
