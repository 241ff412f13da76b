import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read marks that others may know of, settings, places in the list, and what a personal feed tells of them. */
export class TogetherChanges1790000013000 implements MigrationInterface {
  readonly name = 'TogetherChanges1790000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Read marks of many users at once, never with a conversation's lock and never backwards. Besides what personal
      -- feeds are told, a row of kind mark carries what the others may know, and one of kind refused why nothing moved.
      create function read_marks_v3(p_marks json) returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_mark record;
        v_kind text;
        v_head bigint;
        v_was memberships;
        v_now memberships;
        v_lets_know boolean;
        v_code text;
        v_rev bigint;
      begin
        for v_mark in select o.c, o.u, max(o.seq) as seq, max(o.got) as got
            from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint, got bigint) group by o.c, o.u order by o.u, o.c loop
          -- Takes turns with what else this person does.
          perform from personal_heads h where h.user_id = v_mark.u for no key update;
          select c.kind, h.seq into v_kind, v_head from conversations c join conversation_heads h on h.conversation_id = c.id
          where c.id = v_mark.c;
          select * into v_was from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u;
          v_code := case
            when v_was.state = 'banned' then 'banned'
            when v_kind is null or (v_kind <> 'lobby' and v_was.state is distinct from 'joined') then 'not_found'
            when greatest(v_mark.seq, v_mark.got) > v_head then 'beyond'
            when v_kind <> 'lobby' and v_mark.seq < v_was.read_seq then 'behind'
          end;
          if v_code is not null then
            return query select v_mark.u, null::bigint, 'refused', json_build_object('conversation_id', v_mark.c, 'code', v_code);
            continue;
          end if;
          -- The lobby's mark stays on the device.
          continue when v_kind = 'lobby';
          v_lets_know := v_kind in ('direct', 'group') and coalesce((select s.sends_receipts and not s.appears_offline
            from personal_settings s where s.user_id = v_mark.u), true);
          v_now := v_was;
          v_now.read_seq := greatest(v_was.read_seq, v_mark.seq);
          if v_lets_know then
            v_now.shown_seq := case when v_mark.seq is null then v_was.shown_seq else greatest(v_was.shown_seq, v_mark.seq) end;
            v_now.delivered_seq := greatest(v_was.delivered_seq, v_mark.got, v_now.shown_seq);
          end if;
          continue when v_now is not distinct from v_was;
          v_rev := case when v_now.read_seq > v_was.read_seq then personal_bump_v1(v_mark.u) end;
          update memberships m set read_seq = v_now.read_seq, shown_seq = v_now.shown_seq, delivered_seq = v_now.delivered_seq,
            feed_rev = coalesce(v_rev, m.feed_rev)
          where m.conversation_id = v_mark.c and m.user_id = v_mark.u returning m.* into v_now;
          if v_rev is not null then
            return query select v_mark.u, v_rev, 'membership', to_json(v_now);
          end if;
          if v_now.shown_seq > v_was.shown_seq or v_now.delivered_seq > v_was.delivered_seq then
            return query select v_mark.u, null::bigint, 'mark', to_json(v_now);
          end if;
        end loop;
      end
      $$;

      -- How far the others have come, where both sides let each other know. Null for a reader who does not.
      create function read_marks_of_v1(p_conversation uuid, p_reader uuid) returns json language sql stable as $$
        select case when coalesce((select s.sends_receipts and not s.appears_offline from personal_settings s where s.user_id = p_reader), true)
          then (select coalesce(json_agg(json_build_object('userId', m.user_id, 'readSeq', m.shown_seq, 'deliveredSeq', m.delivered_seq)), '[]')
            from memberships m left join personal_settings s on s.user_id = m.user_id
            where m.conversation_id = p_conversation and m.user_id <> p_reader and m.state = 'joined'
              and coalesce(s.sends_receipts and not s.appears_offline, true)) end
      $$;

      -- As settings_change_v1, with what others see of one. Each null leaves it as it is.
      create function settings_change_v2(p_user uuid, p_who text, p_accepts boolean, p_offline boolean, p_seen boolean, p_receipts boolean)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_was personal_settings;
        v_now personal_settings;
      begin
        perform from conversation_heads h where h.conversation_id in (select c.id from memberships m join conversations c on c.id = m.conversation_id
          where m.user_id = p_user and c.kind = 'direct') order by h.conversation_id for no key update;
        perform from users u where u.id = p_user for no key update;
        select * into v_was from personal_settings s where s.user_id = p_user;
        if v_was.user_id is null then
          v_was.user_id := p_user;
          v_was.who_may_message := 'friends';
          v_was.accepts_requests := true;
          v_was.appears_offline := false;
          v_was.shows_last_seen := true;
          v_was.sends_receipts := true;
          v_was.feed_rev := 0;
        end if;
        v_now := v_was;
        v_now.who_may_message := coalesce(p_who, v_was.who_may_message);
        v_now.accepts_requests := coalesce(p_accepts, v_was.accepts_requests);
        v_now.appears_offline := coalesce(p_offline, v_was.appears_offline);
        v_now.shows_last_seen := coalesce(p_seen, v_was.shows_last_seen);
        v_now.sends_receipts := coalesce(p_receipts, v_was.sends_receipts);
        if v_now is not distinct from v_was then
          return query select p_user, null::bigint, 'exists', to_json(v_was);
          return;
        end if;
        v_now.feed_rev := personal_bump_v1(p_user);
        insert into personal_settings values (v_now.*)
        on conflict (user_id) do update set who_may_message = excluded.who_may_message, accepts_requests = excluded.accepts_requests,
          appears_offline = excluded.appears_offline, shows_last_seen = excluded.shows_last_seen,
          sends_receipts = excluded.sends_receipts, feed_rev = excluded.feed_rev;
        return query select p_user, v_now.feed_rev, 'settings', to_json(v_now);
      end
      $$;

      -- Servers of the version before ask this one, which knew fewer columns.
      create or replace function settings_change_v1(p_user uuid, p_who text, p_accepts boolean)
      returns setof personal_told_v1 language sql volatile as $$
        select * from settings_change_v2(p_user, p_who, p_accepts, null, null, null)
      $$;

      -- As membership_mark_v1, with how much one wants to hear. p_quiet is written where p_sets_quiet says so. In the
      -- lobby, where nobody is a member, that alone is kept.
      create function membership_mark_v2(p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint,
        p_notices text, p_sets_quiet boolean, p_quiet timestamptz, p_pins integer)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_kind text;
        v_was memberships;
        v_places boolean;
        v_rev bigint;
      begin
        perform from personal_heads h where h.user_id = p_user for no key update;
        select c.kind into v_kind from conversations c where c.id = p_conversation;
        select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        v_places := p_pinned is not null or p_archived is not null or p_cleared is not null;
        if v_kind = 'lobby' and v_places then
          return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
          return;
        end if;
        if v_kind = 'lobby' and v_was.user_id is null then
          v_rev := personal_bump_v1(p_user);
          return query insert into memberships as m (conversation_id, user_id, state, notices, quiet_until, feed_rev)
            values (p_conversation, p_user, 'joined', p_notices, p_quiet, v_rev)
            returning m.user_id, m.feed_rev, 'membership', to_json(m);
          return;
        end if;
        if v_was.state = 'joined' and ((p_notices is not null and p_notices is distinct from v_was.notices)
            or (p_sets_quiet and p_quiet is distinct from v_was.quiet_until)) then
          v_rev := personal_bump_v1(p_user);
          return query update memberships m set notices = coalesce(p_notices, m.notices),
              quiet_until = case when p_sets_quiet then p_quiet else m.quiet_until end, feed_rev = v_rev
            where m.conversation_id = p_conversation and m.user_id = p_user
            returning m.user_id, m.feed_rev, 'membership', to_json(m);
          if not v_places then
            return;
          end if;
        end if;
        return query select * from membership_mark_v1(p_user, p_conversation, p_pinned, p_archived, p_cleared, p_pins);
      end
      $$;

      -- As personal_changes_v2, with who invited.
      create function personal_changes_v3(p_user uuid, p_rev bigint, p_limit integer)
      returns table (rev bigint, is_reset boolean, has_more boolean, changes json, users json) language sql stable as $$
        with head as (
          select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
        ), changed as (
          select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data, null::uuid as about from users u where u.id = p_user and u.feed_rev > p_rev
          union all
          select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
          from sessions s where s.user_id = p_user and s.feed_rev > p_rev
          union all
          select 'membership', m.feed_rev, to_json(m),
            case when m.state = 'invited' then m.invited_by when c.direct_low = p_user then c.direct_high else c.direct_low end
          from memberships m join conversations c on c.id = m.conversation_id where m.user_id = p_user and m.feed_rev > p_rev
          union all
          select 'friend', f.feed_rev, to_json(f), f.other_id from friendships f where f.user_id = p_user and f.feed_rev > p_rev
          union all
          select 'block', b.feed_rev, to_json(b), b.other_id from blocks b where b.user_id = p_user and b.feed_rev > p_rev
          union all
          select 'draft', d.feed_rev, to_json(d), null from drafts d where d.user_id = p_user and d.feed_rev > p_rev
          union all
          select 'settings', s.feed_rev, to_json(s), null from personal_settings s where s.user_id = p_user and s.feed_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select h.rev, p_rev > h.rev, (select count(*) from changed) > p_limit,
          coalesce((select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p), '[]'),
          users_json_v1((select array_agg(distinct p.about) from page p where p.about is not null))
        from head h
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
