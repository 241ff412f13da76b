-- Commits one batch of operations on the log: locks the heads of their conversations, then decides about each
-- operation and writes it.
--
-- p_conversations: every conversation of the batch.
-- p_sends, p_changes: arrays of operations, or null; their keys are listed in log_sends_v2 and below. `i` is the
-- index in the batch.
-- p_wait: wait for a head that is locked elsewhere. Without it such a conversation answers 'again', and never slows
-- the others.
-- p_reaction_kinds: limit of different emoji on one message.
-- Returns a verdict for each operation, in any order. An unknown conversation is refused with not_found.
-- Locks: the conversation heads by id; then what log_append_v1 and log_change_v3 write.
--
-- The statement that locks must stay alone. A statement keeps the snapshot from before its own wait: one that locked
-- and decided would store a message of somebody who was banned meanwhile, and would miss the key of a retry.
create or replace function log_commit_v1(
  p_conversations uuid[], p_sends json, p_changes json, p_wait boolean, p_reaction_kinds integer
)
returns setof log_verdict_v1
language plpgsql volatile as $$
declare
  v_locked uuid[];
  v_op record;
begin
  if p_wait then
    select array_agg(l.conversation_id) into v_locked from (
      select h.conversation_id from conversation_heads h
      where h.conversation_id = any (p_conversations)
      order by h.conversation_id
      for no key update
    ) l;
  else
    select array_agg(l.conversation_id) into v_locked from (
      select h.conversation_id from conversation_heads h
      where h.conversation_id = any (p_conversations)
      order by h.conversation_id
      for no key update skip locked
    ) l;
  end if;

  -- Every statement from here on has a snapshot newer than the locks.
  if p_sends is not null then
    return query
      select
        v.i, v.verdict, v.code, v.retry_after_ms, v.seq, v.rev, v.at, v.message, v.count, v.author, v.quote, v.quoted
      from log_append_v1(p_sends, coalesce(v_locked, '{}')) v;
  end if;

  if p_changes is not null then
    for v_op in
      select o.i, o.k, o.c, o.u, o.id, o.body, o.e, o.emoji, o."on", o.preview, o.most, o.m
      from json_to_recordset(p_changes) as o(
        i integer,
        k text,         -- edit | delete | react | pin | preview
        c uuid,         -- conversation
        u uuid,         -- user
        id uuid,        -- message
        body text,
        e uuid,         -- editId
        emoji text,
        "on" boolean,
        preview json,
        most integer,   -- limit of pins, or of former texts that are kept
        m text          -- mention keys of an edit, as in log_sends_v2
      )
      where o.c = any (v_locked)
      order by o.i
    loop
      return next log_change_v3(
        v_op.i, v_op.k, v_op.c, v_op.u, v_op.id, v_op.body, v_op.e, v_op.emoji, v_op."on", v_op.preview,
        coalesce(v_op.most, case v_op.k when 'edit' then 50 else p_reaction_kinds end), v_op.m
      );
    end loop;
  end if;

  if coalesce(cardinality(v_locked), 0) < cardinality(p_conversations) then
    return query
      select
        o.i,
        case when h.conversation_id is null then 'refused' else 'again' end,
        case when h.conversation_id is null then 'not_found' end,
        null::integer, null::bigint, null::bigint, null::timestamptz, null::json, null::integer, null::json, null::json,
        null::json
      from (
        select s.i, s.c from json_to_recordset(p_sends) as s(i integer, c uuid)
        union all
        select s.i, s.c from json_to_recordset(p_changes) as s(i integer, c uuid)
      ) o
      left join conversation_heads h on h.conversation_id = o.c
      where not o.c = any (coalesce(v_locked, '{}'));
  end if;
end
$$;
