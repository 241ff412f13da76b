-- Reads a batch of sends with all that decides about them, and decides: `outcome` is null where the message may be
-- stored.
--
-- The caller holds the locks of the heads in p_locked; sends to other conversations are left out.
-- Outcomes: again (the id stands earlier in this batch), id_taken, exists, expired, or the error code of a refusal.
-- The key is looked up before authority, so that a retry is answered even if its author was banned since: with the
-- message as it stands if they may read it, else as expired.
-- Slow mode counts stored messages only; log_append_v1 counts those of this batch.
-- Inlined into log_append_v1: it must stay STABLE and a single SELECT.
create or replace function log_sends_v2(p_sends json, p_locked uuid[], p_now timestamptz)
returns table (
  i integer, conversation_id uuid, user_id uuid, id uuid, body text, reply_to uuid, is_forwarded boolean,
  head_seq bigint, head_rev bigint, last_at timestamptz, slow_mode_ms integer, is_slowed boolean, slow_at timestamptz,
  muted_until timestamptz, is_first boolean, key_seq bigint, reply_seq bigint, author json, outcome text, mentions text
)
language sql stable as $$
  with op as materialized (
    select
      o.i, o.c as conversation_id, o.u as user_id, o.id, o.body, o.r as reply_to, coalesce(o.f, false) as is_forwarded,
      o.m as mentions,
      row_number() over (partition by o.c, o.id order by o.i) as repeat
    from json_to_recordset(p_sends) as o(
      i integer,
      c uuid,       -- conversation
      u uuid,       -- user
      id uuid,      -- message
      body text,
      r uuid,       -- replyTo
      f boolean,    -- isForwarded
      m text        -- mention keys, between spaces; null from a node of the release before, which computes none
    )
    where o.c = any (p_locked)
  )
  select
    op.i, op.conversation_id, op.user_id, op.id, op.body, op.reply_to, op.is_forwarded,
    h.seq, h.rev, h.last_at, c.slow_mode_ms, c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member', slow.last_at,
    m.muted_until, c.kind = 'direct' and not m.has_written, key.seq, answered.seq, author_json_v1(author),
    case
      when op.repeat > 1 then 'again'
      when key.id is not null and (key.author_id <> op.user_id or key.is_edit) then 'id_taken'
      -- Whoever may not read any more learns where the message stands, not how it stands now.
      when key.id is not null and key.seq > h.floor_seq
        and refusal_v1(c.kind, m.state, null, false, p_now) is null then 'exists'
      when key.id is not null then 'expired'
      when author.id is null then 'session_ended'
      else coalesce(
        write_refusal_v1('send', c, m, author, p_now),
        case when c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member'
          and slow.last_at + c.slow_mode_ms * interval '1 millisecond' > p_now then 'slow_mode' end,
        -- A deleted message can be replied to. An id that was never sent here cannot, unless it stands earlier in
        -- this batch.
        case when op.reply_to is not null and answered.id is null and not exists (
          select from op e where e.conversation_id = op.conversation_id and e.id = op.reply_to and e.i < op.i
        ) then 'reply_unknown' end
      )
    end,
    op.mentions
  from op
  join conversation_heads h on h.conversation_id = op.conversation_id
  join conversations c on c.id = op.conversation_id
  left join users author on author.id = op.user_id and author.anonymised_at is null
  left join memberships m on m.conversation_id = op.conversation_id and m.user_id = op.user_id
  left join message_keys key on key.conversation_id = op.conversation_id and key.id = op.id
  left join message_keys answered
    on answered.conversation_id = op.conversation_id and answered.id = op.reply_to and not answered.is_edit
  left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id
$$;
