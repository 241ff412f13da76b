import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who may reach whom, and the functions that change it. Each is one round trip and locks in the one order: the pair's
 * direct conversation, the users by id, then personal heads by id.
 */
export class PeopleRules1790000009000 implements MigrationInterface {
  readonly name = 'PeopleRules1790000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whether p_user blocked p_other, or, by their address, the new guest that p_other is.
      create function has_blocked_v1(p_user uuid, p_other uuid) returns boolean language sql stable as $$
        select exists (select from blocks b where b.user_id = p_user and b.other_id = p_other and b.level = 'blocked')
          or exists (
            select from users u join blocks b on b.user_id = p_user and b.address_key = u.address_key
            where u.id = p_other and u.kind = 'guest' and u.address_key is not null
              and b.level = 'blocked' and u.created_at > b.at and b.at > now() - interval '1 day')
      $$;

      -- Why p_user may not write to p_other in their direct conversation, or null. The one place of this rule.
      create function direct_refusal_v1(p_user uuid, p_other uuid) returns text language sql stable as $$
        select case
          when p_user = p_other then null
          when not exists (select from users u where u.id = p_other and u.anonymised_at is null) then 'person_gone'
          when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then 'not_accepting'
          when exists (select from friendships f where f.user_id = p_other and f.other_id = p_user and f.state = 'friend') then null
          when exists (select from memberships m join conversations c on c.id = m.conversation_id
            where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other)
              and m.user_id = p_other and m.has_written) then null
          else (
            select case coalesce((select s.who_may_message from personal_settings s where s.user_id = p_other), 'friends')
              when 'anyone' then null
              when 'rooms' then case when exists (
                select from memberships a join memberships b on b.conversation_id = a.conversation_id
                  join conversations c on c.id = a.conversation_id
                where a.user_id = p_other and a.state = 'joined' and b.user_id = p_user and b.state = 'joined' and c.kind in ('room', 'group')
              ) then null else 'not_accepting' end
              else 'not_accepting'
            end)
        end
      $$;

      -- What a function changed in somebody's personal feed, as personal_changes_v2 would tell it. A row of kind
      -- refused is alone: its data is the error code. A row of kind exists carries what stands already, and no rev.
      create type personal_told_v1 as (user_id uuid, rev bigint, kind text, data json);

      -- Locks what stands between two people, in order: their direct conversation, then both users.
      create function lock_pair_v1(p_one uuid, p_two uuid) returns void language plpgsql volatile as $$
      begin
        perform from conversation_heads h where h.conversation_id = (select c.id from conversations c
          where c.direct_low = least(p_one, p_two) and c.direct_high = greatest(p_one, p_two)) for no key update;
        perform from users u where u.id in (p_one, p_two) order by u.id for no key update;
      end
      $$;

      -- Writes how p_user stands to p_other, at a rev of p_user's feed.
      create function friend_write_v1(p_user uuid, p_other uuid, p_state text, p_note text, p_rev bigint, p_declined boolean)
      returns personal_told_v1 language sql volatile as $$
        insert into friendships as f (user_id, other_id, state, note, at, declined_at, feed_rev)
        values (p_user, p_other, p_state, p_note, clock_timestamp(), case when p_declined then clock_timestamp() end, p_rev)
        on conflict (user_id, other_id) do update set state = excluded.state, note = excluded.note, at = excluded.at,
          declined_at = coalesce(excluded.declined_at, case when excluded.state = 'none' then f.declined_at end), feed_rev = excluded.feed_rev
        returning f.user_id, f.feed_rev, 'friend', to_json(f)
      $$;

      -- request, accept, decline, withdraw, remove.
      create function friend_change_v1(p_user uuid, p_other uuid, p_verb text, p_note text,
        p_open integer, p_friends integer, p_declined_ms bigint)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_mine friendships;
        v_theirs friendships;
        v_state text;
        v_other_state text;
        v_code text;
        v_revs bigint[] := '{}';
        v_id uuid;
      begin
        perform lock_pair_v1(p_user, p_other);
        -- The snapshot of each statement from here on is newer than the locks.
        select * into v_mine from friendships f where f.user_id = p_user and f.other_id = p_other;
        select * into v_theirs from friendships f where f.user_id = p_other and f.other_id = p_user;
        v_state := coalesce(v_mine.state, 'none');

        if p_verb = 'request' and v_state in ('none', 'received') then
          v_code := case
            when not exists (select from users u where u.id = p_other and u.anonymised_at is null) then 'not_found'
            when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then 'not_accepting'
            when v_state = 'received' then null
            when exists (select from users u where u.id = p_other and u.kind = 'bot') then 'not_accepting'
            when not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_other), true) then 'not_accepting'
            when v_theirs.declined_at > clock_timestamp() - p_declined_ms * interval '1 millisecond' then 'not_accepting'
            when (select count(*) from friendships f where f.user_id = p_other and f.state = 'received') >= p_friends then 'not_accepting'
            when (select count(*) from friendships f where f.user_id = p_user and f.state = 'sent') >= p_open then 'limit_reached'
          end;
          -- Requests that cross make friends at once.
          v_other_state := case when v_state = 'received' then 'friend' else 'received' end;
          v_state := case when v_state = 'received' then 'friend' else 'sent' end;
        elsif p_verb = 'accept' and v_state <> 'friend' then
          v_code := case when v_state <> 'received' then 'not_found' end;
          v_state := 'friend';
          v_other_state := 'friend';
        elsif (p_verb = 'decline' and v_state = 'received') or (p_verb = 'withdraw' and v_state = 'sent')
            or (p_verb = 'remove' and v_state = 'friend') then
          v_state := 'none';
          v_other_state := 'none';
        end if;
        if v_code is null and v_other_state = 'friend' and exists (
            select from friendships f where f.user_id in (p_user, p_other) and f.state = 'friend' group by f.user_id having count(*) >= p_friends) then
          v_code := 'limit_reached';
        end if;
        if v_code is not null then
          return query select p_user, null::bigint, 'refused', to_json(v_code);
          return;
        end if;
        if v_other_state is null then
          if v_mine.user_id is null then
            v_mine := row(p_user, p_other, 'none', null, clock_timestamp(), null, 0)::friendships;
          end if;
          return query select p_user, null::bigint, 'exists', to_json(v_mine);
          return;
        end if;

        foreach v_id in array array[least(p_user, p_other), greatest(p_user, p_other)] loop
          v_revs := v_revs || personal_bump_v1(v_id);
        end loop;
        return query select * from friend_write_v1(p_user, p_other, v_state, case when v_state = 'sent' then p_note end,
          v_revs[case when p_user < p_other then 1 else 2 end], p_verb = 'decline');
        return query select * from friend_write_v1(p_other, p_user, v_other_state, case when v_other_state = 'received' then p_note end,
          v_revs[case when p_user < p_other then 2 else 1 end], false);
        if p_verb = 'remove' then
          update memberships m set has_written = false from conversations c
          where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other) and m.conversation_id = c.id;
        end if;
      end
      $$;

      -- Blocks, mutes, or ends either. A block ends a friendship and what was asked.
      create function block_change_v1(p_user uuid, p_other uuid, p_level text, p_blocks integer)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_was blocks;
        v_rev bigint;
        v_other_rev bigint;
        v_ends boolean;
      begin
        perform lock_pair_v1(p_user, p_other);
        select * into v_was from blocks b where b.user_id = p_user and b.other_id = p_other;
        if p_user = p_other or not exists (select from users u where u.id = p_other) then
          return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
          return;
        end if;
        if coalesce(v_was.level, 'none') = p_level then
          return query select p_user, null::bigint, 'exists', json_build_object('other_id', p_other, 'level', p_level);
          return;
        end if;
        if p_level <> 'none' and coalesce(v_was.level, 'none') = 'none'
            and (select count(*) from blocks b where b.user_id = p_user and b.level <> 'none') >= p_blocks then
          return query select p_user, null::bigint, 'refused', to_json('limit_reached'::text);
          return;
        end if;
        v_ends := p_level = 'blocked' and exists (select from friendships f
          where f.user_id = p_user and f.other_id = p_other and f.state <> 'none');
        if v_ends and p_other < p_user then
          v_other_rev := personal_bump_v1(p_other);
        end if;
        v_rev := personal_bump_v1(p_user);
        if v_ends and p_other > p_user then
          v_other_rev := personal_bump_v1(p_other);
        end if;
        return query
          insert into blocks as b (user_id, other_id, level, address_key, at, feed_rev)
          select p_user, p_other, p_level, case when p_level = 'blocked' and u.kind = 'guest' then u.address_key end, clock_timestamp(), v_rev
          from users u where u.id = p_other
          on conflict (user_id, other_id) do update set level = excluded.level, address_key = excluded.address_key,
            at = excluded.at, feed_rev = excluded.feed_rev
          returning b.user_id, b.feed_rev, 'block', to_json(b);
        if v_ends then
          -- A rev of its own: every change of a feed has one.
          return query select * from friend_write_v1(p_user, p_other, 'none', null, personal_bump_v1(p_user), false);
          return query select * from friend_write_v1(p_other, p_user, 'none', null, v_other_rev, false);
        end if;
        if p_level = 'blocked' then
          update memberships m set has_written = false from conversations c
          where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other) and m.conversation_id = c.id;
        end if;
      end
      $$;

      -- The direct conversation of two people, made where there is none: one per pair, ever. A row of kind opened
      -- tells its id; the memberships follow where they are new.
      create function direct_open_v1(p_user uuid, p_other uuid, p_id uuid)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_id uuid;
        v_code text;
        v_user uuid;
        v_rev bigint;
      begin
        perform from users u where u.id in (p_user, p_other) order by u.id for no key update;
        select c.id into v_id from conversations c
        where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other);
        if found then
          return query select p_user, null::bigint, 'opened', json_build_object('id', v_id, 'is_new', false);
          return;
        end if;
        v_code := case
          when not exists (select from users u where u.id = p_other) then 'not_found'
          else direct_refusal_v1(p_user, p_other)
        end;
        if v_code is not null then
          return query select p_user, null::bigint, 'refused', to_json(v_code);
          return;
        end if;
        insert into conversations (id, kind, direct_low, direct_high, member_count)
        values (p_id, 'direct', least(p_user, p_other), greatest(p_user, p_other), case when p_user = p_other then 1 else 2 end);
        insert into conversation_heads (conversation_id) values (p_id);
        return query select p_user, null::bigint, 'opened', json_build_object('id', p_id, 'is_new', true);
        for v_user in select distinct x.id from unnest(array[p_user, p_other]) as x(id) order by x.id loop
          v_rev := personal_bump_v1(v_user);
          return query insert into memberships as m (conversation_id, user_id, state, feed_rev)
            values (p_id, v_user, 'joined', v_rev) returning m.user_id, m.feed_rev, 'membership', to_json(m);
        end loop;
      end
      $$;

      -- Where one person keeps a conversation: each null leaves it as it is. Never with the conversation's lock.
      create function membership_mark_v1(p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_pins integer)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_seq bigint;
        v_was memberships;
        v_now memberships;
        v_rev bigint;
      begin
        -- Takes turns with what else this person does.
        perform from personal_heads h where h.user_id = p_user for no key update;
        select h.seq into v_seq from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_was from memberships m
        where m.conversation_id = p_conversation and m.user_id = p_user and m.state = 'joined';
        if v_was.user_id is null then
          return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
          return;
        end if;
        if p_pinned and v_was.pinned_at is null and (select count(*) from memberships m
            where m.user_id = p_user and m.state = 'joined' and m.pinned_at is not null) >= p_pins then
          return query select p_user, null::bigint, 'refused', to_json('limit_reached'::text);
          return;
        end if;
        v_now := v_was;
        v_now.pinned_at := case when p_pinned then coalesce(v_was.pinned_at, date_trunc('milliseconds', clock_timestamp())) when p_pinned is null then v_was.pinned_at end;
        v_now.archived_seq := case when p_archived then v_seq when p_archived is null then v_was.archived_seq end;
        -- Null is the least of nothing: least() would pass over it.
        v_now.cleared_seq := greatest(v_was.cleared_seq, case when p_cleared is not null then least(p_cleared, v_seq) end);
        v_now.read_seq := greatest(v_was.read_seq, v_now.cleared_seq);
        if v_now is not distinct from v_was then
          return query select p_user, null::bigint, 'exists', to_json(v_was);
          return;
        end if;
        v_rev := personal_bump_v1(p_user);
        return query update memberships m set pinned_at = v_now.pinned_at, archived_seq = v_now.archived_seq,
            cleared_seq = v_now.cleared_seq, read_seq = greatest(m.read_seq, v_now.read_seq), feed_rev = v_rev
          where m.conversation_id = p_conversation and m.user_id = p_user
          returning m.user_id, m.feed_rev, 'membership', to_json(m);
      end
      $$;

      -- Drafts of many users at once: the latest of each conversation, in the order of personal heads.
      create function drafts_v1(p_drafts json) returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_draft record;
        v_rev bigint;
      begin
        for v_draft in select o.c, o.u, o.body from json_to_recordset(p_drafts) as o(c uuid, u uuid, body text) order by o.u, o.c loop
          if not exists (select from conversations c left join memberships m on m.conversation_id = c.id and m.user_id = v_draft.u
              where c.id = v_draft.c and case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end) then
            return query select v_draft.u, null::bigint, 'refused', json_build_object('conversation_id', v_draft.c);
          elsif v_draft.body is not distinct from coalesce((select d.body from drafts d where d.user_id = v_draft.u and d.conversation_id = v_draft.c), '') then
            return query select v_draft.u, coalesce((select h.rev from personal_heads h where h.user_id = v_draft.u), 0),
              'exists', json_build_object('conversation_id', v_draft.c);
          else
            v_rev := personal_bump_v1(v_draft.u);
            return query insert into drafts as d (user_id, conversation_id, body, feed_rev) values (v_draft.u, v_draft.c, v_draft.body, v_rev)
              on conflict (user_id, conversation_id) do update set body = excluded.body, feed_rev = excluded.feed_rev
              returning d.user_id, d.feed_rev, 'draft', to_json(d);
          end if;
        end loop;
      end
      $$;

      -- Each null leaves it as it is. Narrowing takes authority away: the direct conversations are locked first.
      create function settings_change_v1(p_user uuid, p_who text, p_accepts boolean)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_was personal_settings;
        v_rev bigint;
      begin
        perform from conversation_heads h where h.conversation_id in (select c.id from memberships m join conversations c on c.id = m.conversation_id
          where m.user_id = p_user and c.kind = 'direct') order by h.conversation_id for no key update;
        perform from users u where u.id = p_user for no key update;
        select * into v_was from personal_settings s where s.user_id = p_user;
        if v_was.user_id is null then
          v_was := row(p_user, 'friends', true, 0)::personal_settings;
        end if;
        if coalesce(p_who, v_was.who_may_message) = v_was.who_may_message and coalesce(p_accepts, v_was.accepts_requests) = v_was.accepts_requests then
          return query select p_user, null::bigint, 'exists', to_json(v_was);
          return;
        end if;
        v_rev := personal_bump_v1(p_user);
        return query
          insert into personal_settings as s (user_id, who_may_message, accepts_requests, feed_rev)
          values (p_user, coalesce(p_who, v_was.who_may_message), coalesce(p_accepts, v_was.accepts_requests), v_rev)
          on conflict (user_id) do update set who_may_message = excluded.who_may_message,
            accepts_requests = excluded.accepts_requests, feed_rev = excluded.feed_rev
          returning s.user_id, s.feed_rev, 'settings', to_json(s);
      end
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
