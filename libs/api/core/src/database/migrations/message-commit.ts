import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The commit as it was, with replies, former texts and previews of links. The two rules of LogCommit hold here as well.
 */
export class MessageCommit1790000021000 implements MigrationInterface {
  readonly name = 'MessageCommit1790000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter type log_verdict_v1
        add attribute quote json,   -- of a stored reply: what it answers
        add attribute quoted json;  -- and who said that

      -- Sends, all at once. The heads in p_locked are locked by the caller.
      create or replace function log_append_v1(p_sends json, p_locked uuid[])
      returns setof log_verdict_v1 language plpgsql volatile
      set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
      #variable_conflict use_column
      declare
        v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
      begin
        return query
        with op as materialized (
          select o.i, o.c as conversation_id, o.u as user_id, o.id, o.body, o.r as reply_to, coalesce(o.f, false) as is_forwarded,
            row_number() over (partition by o.c, o.id order by o.i) as repeat
          from json_to_recordset(p_sends) as o(i integer, c uuid, u uuid, id uuid, body text, r uuid, f boolean)
          where o.c = any (p_locked)
        ), judged as materialized (
          select op.*, h.seq as head_seq, h.rev as head_rev, h.floor_seq, h.last_at, c.slow_mode_ms, m.muted_until,
            c.kind = 'direct' and not m.has_written as is_first, key.seq as key_seq, slow.last_at as slow_at, author_json_v1(author) as author, answered.seq as reply_seq,
            case
              when op.repeat > 1 then 'again'
              when key.id is not null and (key.author_id <> op.user_id or key.is_edit) then 'id_taken'
              when key.id is not null and key.seq > h.floor_seq then 'exists'
              when key.id is not null then 'expired'
              when author.id is null then 'session_ended'
              else coalesce(refusal_v1(c.kind, m.state, m.muted_until, true, v_now),
                room_refusal_v1('send', c.archived_at, c.is_announcement, c.guest_access, m.role, author.kind),
                case when c.kind = 'direct' then direct_refusal_v1(op.user_id,
                  case when c.direct_low = op.user_id then c.direct_high else c.direct_low end) end,
                case when c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member'
                  and slow.last_at + c.slow_mode_ms * interval '1 millisecond' > v_now then 'slow_mode' end,
                -- What was deleted meanwhile can still be answered; what was never said here cannot.
                case when op.reply_to is not null and answered.id is null and not exists (select from op e
                  where e.conversation_id = op.conversation_id and e.id = op.reply_to and e.i < op.i) then 'reply_unknown' end)
            end as outcome,
            c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member' as is_slowed
          from op
          join conversation_heads h on h.conversation_id = op.conversation_id
          join conversations c on c.id = op.conversation_id
          left join users author on author.id = op.user_id and author.anonymised_at is null
          left join memberships m on m.conversation_id = op.conversation_id and m.user_id = op.user_id
          left join message_keys key on key.conversation_id = op.conversation_id and key.id = op.id
          left join message_keys answered on answered.conversation_id = op.conversation_id and answered.id = op.reply_to and not answered.is_edit
          left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id
        ), paced as materialized (
          -- Slow mode sees the earlier rows of this batch too.
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
            -- What is answered may stand in this batch.
            case when q.reply_to is not null then coalesce(q.reply_seq, (select e.head_seq + e.n from numbered e
              where e.is_new and e.conversation_id = q.conversation_id and e.id = q.reply_to)) end as answers_seq
          from numbered q where q.is_new
        ), keys as (
          insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
          select a.conversation_id, a.id, a.seq, a.user_id, false, a.at from accepted a
        ), rows as (
          insert into messages (conversation_id, seq, id, author_id, rev, body, created_at, reply_to, reply_seq, is_forwarded)
          select a.conversation_id, a.seq, a.id, a.user_id, a.rev, a.body, a.at, a.reply_to, a.answers_seq, a.is_forwarded from accepted a
        ), heads as (
          update conversation_heads h set seq = a.seq, rev = a.rev, last_at = a.at
          from (select distinct on (x.conversation_id) x.* from accepted x order by x.conversation_id, x.n desc) a
          where h.conversation_id = a.conversation_id
        ), written as (
          -- Who writes to somebody takes the answer.
          update memberships m set has_written = true from accepted a
          where a.is_first and m.conversation_id = a.conversation_id and m.user_id = a.user_id
        ), marks as (
          insert into slow_marks (conversation_id, user_id, last_at)
          select a.conversation_id, a.user_id, a.at from accepted a where a.is_slowed
          on conflict (conversation_id, user_id) do update set last_at = excluded.last_at
        )
        select q.i,
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
          case when q.code = 'exists' then (select to_json(s) from message_states_v1 s
            where s.conversation_id = q.conversation_id and s.seq = q.key_seq) end,
          null::integer, q.author,
          case when q.is_new and q.reply_seq is not null then quote_v1(q.conversation_id, q.reply_seq) end,
          case when q.is_new and q.reply_seq is not null then (select author_json_v1(u) from messages t join users u on u.id = t.author_id
            where t.conversation_id = q.conversation_id and t.seq = q.reply_seq) end
        from numbered q;
      end
      $$;

      -- One edit, deletion, reaction, pin or preview. The head is locked by the caller.
      create function log_change_v2(p_i integer, p_kind text, p_conversation uuid, p_user uuid, p_id uuid, p_body text,
        p_edit_id uuid, p_emoji text, p_on boolean, p_preview json, p_most integer)
      returns log_verdict_v1 language plpgsql volatile as $$
      declare
        v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
        v log_verdict_v1;
        v_key message_keys;
        v_edit message_keys;
        v_row messages;
        v_conversation conversations;
        v_member memberships;
        v_author users;
        v_floor bigint;
        v_was_on boolean;
      begin
        v.i := p_i;
        v.verdict := 'refused';
        select * into v_conversation from conversations c where c.id = p_conversation;
        select h.floor_seq into v_floor from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_key from message_keys k where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit;
        select * into v_row from messages m
          where m.conversation_id = p_conversation and m.seq = v_key.seq and m.seq > v_floor;
        select * into v_member from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        select * into v_author from users u where u.id = p_user and u.anonymised_at is null;
        v.seq := v_row.seq;
        v.author := author_json_v1(v_author);

        -- The server's own word on a message: it asks nobody, and what changed meanwhile makes it void.
        if p_kind = 'preview' and (v_row.seq is null or v_row.deleted_at is not null or v_conversation.kind = 'match'
            or v_conversation.archived_at is not null or v_row.preview is not null
            -- Made of another text than the one that stands there now.
            or encode(sha256(convert_to(v_row.body, 'UTF8')), 'hex') <> p_body) then
          v.verdict := 'exists';
          return v;
        end if;

        -- The key first: a repeat gets the message as it stands and writes nothing.
        if p_kind = 'edit' then
          select * into v_edit from message_keys k where k.conversation_id = p_conversation and k.id = p_edit_id;
        end if;
        select x.is_on into v_was_on from reactions x
          where x.conversation_id = p_conversation and x.seq = v_row.seq and x.user_id = p_user and x.emoji = p_emoji;

        v.code := case
          when p_kind = 'preview' then null
          when v_author.id is null then 'session_ended'
          when v_row.seq is null then 'not_found'
          when v_edit.id is not null and (not v_edit.is_edit or v_edit.author_id <> p_user or v_edit.seq <> v_row.seq) then 'id_taken'
        end;
        if v.code is not null then
          return v;
        end if;
        if p_kind = 'preview' then
          v.code := null;
        elsif v_edit.id is not null or (p_kind = 'delete' and v_row.deleted_at is not null and v_row.author_id = p_user) then
          v.verdict := 'exists';
        else
          v.code := coalesce(
            refusal_v1(v_conversation.kind, v_member.state, v_member.muted_until, p_kind <> 'delete', v_now),
            room_refusal_v1(p_kind, v_conversation.archived_at, v_conversation.is_announcement, v_conversation.guest_access,
              v_member.role, v_author.kind),
            case when v_conversation.kind = 'direct' and p_kind <> 'delete' then direct_refusal_v1(p_user,
              case when v_conversation.direct_low = p_user then v_conversation.direct_high else v_conversation.direct_low end) end,
            case
              when p_kind = 'edit' and v_row.author_id <> p_user then 'forbidden'
              when p_kind = 'delete' and v_row.author_id <> p_user and coalesce(v_member.role, 'member') = 'member' then 'forbidden'
              when p_kind = 'pin' and v_conversation.kind in ('room', 'lobby') and coalesce(v_member.role, 'member') = 'member' then 'forbidden'
              when v_row.deleted_at is not null then 'not_found'
              when p_kind = 'react' and p_on and (select count(distinct x.emoji) from reactions x
                where x.conversation_id = p_conversation and x.seq = v_row.seq and x.is_on and x.emoji <> p_emoji) >= p_most
                then 'too_many_reactions'
              when p_kind = 'pin' and p_on and v_row.pinned_at is null and (select count(*) from messages m
                where m.conversation_id = p_conversation and m.pinned_at is not null and m.seq > v_floor) >= p_most then 'limit_reached'
            end);
          if v.code is not null then
            v.retry_after_ms := case v.code when 'muted' then milliseconds_until_v1(v_member.muted_until, v_now) end;
            return v;
          end if;
        end if;
        -- A reaction or a pin has no key: its repeat is known by its state, after authority, as the answer shows others' words.
        if p_kind = 'react' and coalesce(v_was_on, false) = p_on or p_kind = 'pin' and (v_row.pinned_at is not null) = p_on then
          v.verdict := 'exists';
        end if;

        if v.verdict <> 'exists' then
          update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v.rev;
          v.at := greatest(v_now, v_row.created_at);
          if p_kind = 'edit' then
            insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
              values (p_conversation, p_edit_id, v_row.seq, p_user, true, v.at);
            insert into message_edits (conversation_id, seq, rev, user_id, body, written_at)
              values (p_conversation, v_row.seq, v.rev, v_row.author_id, v_row.body, coalesce(v_row.edited_at, v_row.created_at));
            delete from message_edits e where e.conversation_id = p_conversation and e.seq = v_row.seq and e.rev <=
              (select x.rev from message_edits x where x.conversation_id = p_conversation and x.seq = v_row.seq order by x.rev desc offset p_most limit 1);
            update messages m set body = p_body, edited_at = v.at, rev = v.rev, preview = null
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'delete' then
            delete from reactions x where x.conversation_id = p_conversation and x.seq = v_row.seq;
            delete from message_edits e where e.conversation_id = p_conversation and e.seq = v_row.seq;
            delete from preview_jobs j where j.conversation_id = p_conversation and j.seq = v_row.seq;
            update messages m set body = '', edited_at = null, deleted_at = v.at, pinned_at = null, reply_to = null, reply_seq = null,
                is_forwarded = false, preview = null, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'preview' then
            update messages m set preview = p_preview, rev = v.rev where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'pin' then
            update messages m set pinned_at = case when p_on then v.at end, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          else
            insert into reactions (conversation_id, seq, user_id, emoji, is_on, rev)
              values (p_conversation, v_row.seq, p_user, p_emoji, p_on, v.rev)
              on conflict (conversation_id, seq, user_id, emoji) do update set is_on = p_on, rev = excluded.rev;
            select count(*) into v.count from reactions x
              where x.conversation_id = p_conversation and x.seq = v_row.seq and x.emoji = p_emoji and x.is_on;
          end if;
          v.verdict := 'stored';
        end if;
        select to_json(s) into v.message from message_states_v1 s
          where s.conversation_id = p_conversation and s.seq = v_row.seq;
        return v;
      end
      $$;

      -- One batch: lock the heads, then decide and write. Without p_wait a conversation that is locked
      -- elsewhere answers 'again', so that it never slows the others.
      create or replace function log_commit_v1(p_conversations uuid[], p_sends json, p_changes json, p_wait boolean, p_reaction_kinds integer)
      returns setof log_verdict_v1 language plpgsql volatile as $$
      declare
        v_locked uuid[];
        v_op record;
      begin
        if p_wait then
          select array_agg(l.conversation_id) into v_locked from (select h.conversation_id from conversation_heads h
            where h.conversation_id = any (p_conversations) order by h.conversation_id for no key update) l;
        else
          select array_agg(l.conversation_id) into v_locked from (select h.conversation_id from conversation_heads h
            where h.conversation_id = any (p_conversations) order by h.conversation_id for no key update skip locked) l;
        end if;

        -- Every statement from here on has a snapshot newer than the locks.
        if p_sends is not null then
          return query select * from log_append_v1(p_sends, coalesce(v_locked, '{}'));
        end if;
        if p_changes is not null then
          for v_op in select * from json_to_recordset(p_changes) as o(i integer, k text, c uuid, u uuid, id uuid, body text,
              e uuid, emoji text, "on" boolean, preview json, most integer) where o.c = any (v_locked) order by o.i loop
            return next log_change_v2(v_op.i, v_op.k, v_op.c, v_op.u, v_op.id, v_op.body, v_op.e, v_op.emoji, v_op."on", v_op.preview,
              -- How many there may be: of pins, or of former texts; of reactions where it does not say.
              coalesce(v_op.most, case v_op.k when 'edit' then 50 else p_reaction_kinds end));
          end loop;
        end if;
        if coalesce(cardinality(v_locked), 0) < cardinality(p_conversations) then
          return query select o.i, case when h.conversation_id is null then 'refused' else 'again' end,
              case when h.conversation_id is null then 'not_found' end,
              null::integer, null::bigint, null::bigint, null::timestamptz, null::json, null::integer, null::json, null::json, null::json
            from (select * from json_to_recordset(p_sends) as s(i integer, c uuid)
              union all select * from json_to_recordset(p_changes) as s(i integer, c uuid)) o
            left join conversation_heads h on h.conversation_id = o.c
            where not o.c = any (coalesce(v_locked, '{}'));
        end if;
      end
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
