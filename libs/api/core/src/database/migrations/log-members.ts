import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is in a conversation, its settings, read marks and retention. Lock order: conversation heads, then personal heads. */
export class LogMembers1790000003000 implements MigrationInterface {
  readonly name = 'LogMembers1790000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create type membership_verdict_v1 as (
        verdict text,          -- stored | exists | refused
        code text,
        role text,
        state text,
        muted_until timestamptz,
        read_seq bigint,
        rev bigint,            -- of the conversation feed; null when the change takes none
        feed_rev bigint        -- of the personal feed of p_user
      );

      -- One change of one membership: join, leave, ban, unban, mute, unmute, appoint.
      -- p_actor null is the server itself. Above p_large members joins and leaves take no rev of the conversation.
      create function membership_change_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text,
        p_role text, p_muted_until timestamptz, p_large integer)
      returns membership_verdict_v1 language plpgsql volatile as $$
      declare
        v membership_verdict_v1;
        v_head conversation_heads;
        v_conversation conversations;
        v_actor memberships;
        v_was memberships;
        v_now memberships;
        v_rank constant text[] := array['member', 'moderator', 'owner'];
        v_joins integer;
      begin
        -- Alone in its statement: what follows must see what was committed while this waited.
        perform 1 from conversation_heads h where h.conversation_id = p_conversation for no key update;

        v.verdict := 'refused';
        select * into v_head from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_conversation from conversations c where c.id = p_conversation;
        select * into v_actor from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor;
        select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;

        v.code := case
          when v_conversation.id is null or not exists (select 1 from users u where u.id = p_user) then 'not_found'
          when v_was.state = 'banned' and p_verb in ('join', 'leave') then 'banned'
          when p_verb in ('join', 'leave') and p_actor is distinct from p_user and p_actor is not null then 'forbidden'
          when p_verb in ('join', 'leave') and v_conversation.kind = 'lobby' then 'forbidden'
          when p_verb not in ('join', 'leave') and p_actor is not null and (v_actor.state is distinct from 'joined'
            or array_position(v_rank, v_actor.role) <= array_position(v_rank, coalesce(v_was.role, 'member'))) then 'forbidden'
          when p_verb = 'appoint' and p_actor is not null
            and array_position(v_rank, v_actor.role) <= array_position(v_rank, p_role) then 'forbidden'
          when p_verb = 'appoint' and v_was.state is distinct from 'joined' and v_conversation.kind <> 'lobby' then 'not_found'
        end;
        if v.code is not null then
          return v;
        end if;

        v_now := v_was;
        v_now.conversation_id := p_conversation;
        v_now.user_id := p_user;
        v_now.role := coalesce(v_was.role, 'member');
        v_now.read_seq := coalesce(v_was.read_seq, 0);
        v_now.state := coalesce(v_was.state, case when v_conversation.kind = 'lobby' then 'joined' else 'left' end);
        case p_verb
          when 'join' then
            v_now.state := 'joined';
            if v_was.state is distinct from 'joined' then v_now.read_seq := v_head.seq; end if;
          when 'leave' then v_now.state := 'left'; v_now.role := 'member';
          when 'ban' then v_now.state := 'banned'; v_now.role := 'member';
          when 'unban' then
            if v_was.state = 'banned' then
              v_now.state := case when v_conversation.kind = 'lobby' then 'joined' else 'left' end;
            end if;
          when 'mute' then v_now.muted_until := p_muted_until;
          when 'unmute' then v_now.muted_until := null;
          when 'appoint' then v_now.role := p_role; v_now.state := 'joined';
        end case;

        if v_now.state is not distinct from coalesce(v_was.state, case when v_conversation.kind = 'lobby' then 'joined' else 'left' end)
          and v_now.role = coalesce(v_was.role, 'member') and v_now.muted_until is not distinct from v_was.muted_until then
          v.verdict := 'exists';
        else
          v.verdict := 'stored';
          v_joins := (v_now.state = 'joined')::integer - (coalesce(v_was.state, '') = 'joined')::integer;
          if v_joins <> 0 and v_conversation.kind <> 'lobby' then
            update conversations c set member_count = c.member_count + v_joins where c.id = p_conversation;
          end if;
          if p_verb not in ('join', 'leave') or v_conversation.member_count <= p_large then
            update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v.rev;
            v_now.rev := v.rev;
          end if;
          v.feed_rev := personal_bump_v1(p_user);
          v_now.feed_rev := v.feed_rev;
          insert into memberships (conversation_id, user_id, role, state, muted_until, read_seq, rev, feed_rev)
            values (p_conversation, p_user, v_now.role, v_now.state, v_now.muted_until, v_now.read_seq,
              coalesce(v_now.rev, 0), v_now.feed_rev)
            on conflict (conversation_id, user_id) do update set role = excluded.role, state = excluded.state,
              muted_until = excluded.muted_until, read_seq = excluded.read_seq, rev = excluded.rev, feed_rev = excluded.feed_rev;
        end if;
        v.role := v_now.role;
        v.state := v_now.state;
        v.muted_until := v_now.muted_until;
        v.read_seq := v_now.read_seq;
        return v;
      end
      $$;

      create function conversation_settings_v1(p_conversation uuid, p_title text, p_slow_mode_ms integer, p_retention_ms bigint)
      returns table (rev bigint) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_rev bigint;
      begin
        update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v_rev;
        update conversations c set title = p_title, slow_mode_ms = p_slow_mode_ms, retention_ms = p_retention_ms, settings_rev = v_rev
          where c.id = p_conversation;
        return query select v_rev where v_rev is not null;
      end
      $$;

      -- Read marks of many users at once, never with a conversation's lock and never backwards.
      create function read_marks_v1(p_marks json)
      returns table (conversation_id uuid, user_id uuid, role text, state text, muted_until timestamptz, read_seq bigint, feed_rev bigint)
      language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_mark record;
        v_rev bigint;
      begin
        for v_mark in select o.c, o.u, max(o.seq) as seq from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint)
            group by o.c, o.u order by o.u, o.c loop
          if exists (select 1 from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u
              and m.state = 'joined' and m.read_seq < v_mark.seq) then
            v_rev := personal_bump_v1(v_mark.u);
            return query update memberships m
              set read_seq = greatest(m.read_seq, least(v_mark.seq, h.seq)), feed_rev = v_rev
              from conversation_heads h
              where h.conversation_id = v_mark.c and m.conversation_id = v_mark.c and m.user_id = v_mark.u
              returning m.conversation_id, m.user_id, m.role, m.state, m.muted_until, m.read_seq, m.feed_rev;
          end if;
        end loop;
      end
      $$;

      -- The highest seq written before p_before. created_at never falls as seq rises, so this is a binary search.
      create function seq_before_v1(p_conversation uuid, p_before timestamptz)
      returns bigint language plpgsql stable as $$
      declare
        v_low bigint;
        v_high bigint;
        v_middle bigint;
        v_at timestamptz;
      begin
        select h.floor_seq, h.seq into v_low, v_high from conversation_heads h where h.conversation_id = p_conversation;
        while v_low < v_high loop
          v_middle := (v_low + v_high + 1) / 2;
          select m.created_at into v_at from messages m where m.conversation_id = p_conversation and m.seq = v_middle;
          if v_at < p_before then v_low := v_middle; else v_high := v_middle - 1; end if;
        end loop;
        return v_low;
      end
      $$;

      -- Retention, first half: raises the floor, under a short lock. Readers honour it at once.
      create function floor_raise_v1(p_conversation uuid, p_floor_seq bigint)
      returns table (rev bigint, floor_seq bigint) language sql volatile as $$
        update conversation_heads h set rev = h.rev + 1, floor_rev = h.rev + 1, floor_seq = p_floor_seq
        where h.conversation_id = p_conversation and p_floor_seq > h.floor_seq and p_floor_seq <= h.seq
        returning h.rev, h.floor_seq
      $$;

      -- Retention, second half: erases what is below the floor in small steps, without the lock. Answers how many messages went.
      create function log_erase_v1(p_conversation uuid, p_limit integer)
      returns integer language plpgsql volatile as $$
      declare
        v_top bigint;
        v_count integer;
      begin
        select max(x.seq) into v_top from (select m.seq from messages m join conversation_heads h on h.conversation_id = m.conversation_id
          where m.conversation_id = p_conversation and m.seq <= h.floor_seq order by m.seq limit p_limit) x;
        delete from reactions r where r.conversation_id = p_conversation and r.seq <= v_top;
        delete from messages m where m.conversation_id = p_conversation and m.seq <= v_top;
        get diagnostics v_count = row_count;
        return v_count;
      end
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
