-- Stores a batch of sends: numbers those that may be stored, and writes them with their keys and the new heads.
--
-- The caller holds the locks of the heads in p_locked; sends to other conversations are left out.
-- Returns a verdict for each send. `message` is there for exists, `quote` and `quoted` for a stored reply to a stored
-- message.
-- Locks: slow marks, and the membership of whoever writes first in a direct conversation. The other rows are new. The
-- settings keep the plan that was measured: with few rows in a batch, nested loops by key are the fastest, and a plan
-- that was made while a table was empty costs ten times more.
create or replace function log_append_v1(p_sends json, p_locked uuid[])
returns setof log_verdict_v1
language plpgsql volatile
set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  return query
  with judged as materialized (
    select
      s.i, s.conversation_id, s.user_id, s.id, s.body, s.reply_to, s.is_forwarded,
      s.head_seq, s.head_rev, s.last_at, s.slow_mode_ms, s.is_slowed, s.slow_at,
      s.muted_until, s.is_first, s.key_seq, s.reply_seq, s.author, s.outcome, s.mentions
    from log_sends_v2(p_sends, p_locked, v_now) s
  ), paced as materialized (
    -- Slow mode counts the earlier sends of this batch too.
    select j.*, case
        when j.outcome is null and j.is_slowed
          and row_number() over (partition by j.conversation_id, j.user_id, j.outcome order by j.i) > 1 then 'slow_mode'
        else j.outcome
      end as code
    from judged j
  ), numbered as materialized (
    -- Numbered in place rather than joined later: joins are nested loops here.
    select p.*, p.code is null as is_new,
      row_number() over (partition by p.conversation_id, p.code is null order by p.i) as n
    from paced p
  ), accepted as (
    select q.*, q.head_seq + q.n as seq, q.head_rev + q.n as rev, greatest(v_now, q.last_at) as at,
      -- The message that is replied to may stand in this batch.
      case when q.reply_to is not null then coalesce(q.reply_seq, (
        select e.head_seq + e.n from numbered e
        where e.is_new and e.conversation_id = q.conversation_id and e.id = q.reply_to
      )) end as reply_to_seq
    from numbered q
    where q.is_new
  ), keys as (
    insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
    select a.conversation_id, a.id, a.seq, a.user_id, false, a.at from accepted a
  ), rows as (
    insert into messages (
      conversation_id, seq, id, author_id, rev, body, created_at, reply_to, reply_seq, is_forwarded
    )
    select a.conversation_id, a.seq, a.id, a.user_id, a.rev, a.body, a.at, a.reply_to, a.reply_to_seq, a.is_forwarded
    from accepted a
  ), mentions as (
    -- Few messages have an at sign. One of a node that computed no keys is left to MentionBackfill.
    insert into message_mentions (conversation_id, seq, author_id, keys)
    select a.conversation_id, a.seq, a.user_id, string_to_array(a.mentions, ' ')
    from accepted a
    where case when a.mentions is null then a.body ~ '[@＠]' else a.mentions <> '' end
  ), heads as (
    update conversation_heads h
    set seq = a.seq, rev = a.rev, last_at = a.at
    from (select distinct on (x.conversation_id) x.* from accepted x order by x.conversation_id, x.n desc) a
    where h.conversation_id = a.conversation_id
  ), written as (
    -- Whoever writes to somebody accepts the answer.
    update memberships m
    set has_written = true
    from accepted a
    where a.is_first and m.conversation_id = a.conversation_id and m.user_id = a.user_id
  ), marks as (
    insert into slow_marks (conversation_id, user_id, last_at)
    select a.conversation_id, a.user_id, a.at from accepted a where a.is_slowed
    on conflict (conversation_id, user_id) do update set last_at = excluded.last_at
  )
  select
    q.i,
    case when q.is_new then 'stored' when q.code in ('exists', 'expired', 'again') then q.code else 'refused' end,
    q.code,
    case q.code
      when 'muted' then milliseconds_until_v1(q.muted_until, v_now)
      when 'slow_mode' then
        milliseconds_until_v1(coalesce(q.slow_at, v_now) + q.slow_mode_ms * interval '1 millisecond', v_now)
    end,
    case when q.is_new then q.head_seq + q.n else q.key_seq end,
    case when q.is_new then q.head_rev + q.n end,
    case when q.is_new then greatest(v_now, q.last_at) end,
    case when q.code = 'exists' then message_json_v1(q.conversation_id, q.key_seq) end,
    null::integer,
    q.author,
    case when q.is_new and q.reply_seq is not null then quote_v1(q.conversation_id, q.reply_seq) end,
    case when q.is_new and q.reply_seq is not null then (
      select author_json_v1(u) from messages t
      join users u on u.id = t.author_id
      where t.conversation_id = q.conversation_id and t.seq = q.reply_seq
    ) end
  from numbered q;
end
$$;
