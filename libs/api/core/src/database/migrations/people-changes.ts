import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of who somebody is, the end of an account, and what a personal feed tells of all of it. */
export class PeopleChanges1790000011000 implements MigrationInterface {
  readonly name = 'PeopleChanges1790000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Gives a user a name, a colour, or both; a null leaves it. The verdict is changed, same or refused, which is for
      -- names only: a guest has so many in all, a member so many in a window. No row for a user that is gone.
      create function profile_change_v1(p_user uuid, p_name text, p_color text, p_guest_names integer, p_member_names integer, p_window_ms bigint)
      returns table (verdict text, retry_after_ms integer, rev bigint, author json) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_was users;
        v_now timestamptz := clock_timestamp();
        v_window interval := p_window_ms * interval '1 millisecond';
        v_count integer;
        v_oldest timestamptz;
        v_rev bigint;
      begin
        select * into v_was from users u where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        if coalesce(p_name, v_was.display_name) is not distinct from v_was.display_name
            and coalesce(p_color, v_was.avatar_color) is not distinct from v_was.avatar_color then
          return query select 'same', null::integer, null::bigint, author_json_v1(v_was);
          return;
        end if;
        if p_name is not null and p_name is distinct from v_was.display_name then
          select count(*), min(x.until) into v_count, v_oldest from (select n.until from former_names n
            where n.user_id = p_user and (v_was.kind = 'guest' or n.until > v_now - v_window) order by n.until desc limit p_member_names + p_guest_names) x;
          if v_was.kind = 'guest' and v_count >= p_guest_names then
            return query select 'refused', null::integer, null::bigint, null::json;
            return;
          elsif v_was.kind <> 'guest' and v_count >= p_member_names then
            return query select 'refused', milliseconds_until_v1(v_oldest + v_window, v_now), null::bigint, null::json;
            return;
          end if;
          insert into former_names (user_id, until, name) values (p_user, v_now, v_was.display_name);
        end if;
        v_rev := personal_bump_v1(p_user);
        update users u set display_name = coalesce(p_name, u.display_name), avatar_color = coalesce(p_color, u.avatar_color),
          profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
        return query select 'changed', null::integer, v_rev, author_json_v1(u) from users u where u.id = p_user;
      end
      $$;

      -- Forgets who somebody was: the row stays for the messages' sake, everything else of theirs goes. Their friends are
      -- told. No row for a user that is gone already.
      create function user_forget_v1(p_user uuid, p_reason text)
      returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_friend uuid;
        v_session uuid;
        v_rev bigint;
      begin
        perform from users u where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        perform from sessions s where s.user_id = p_user and s.ended_at is null for no key update;
        for v_friend in select x.id from (
            select p_user as id
            union all select f.other_id from friendships f where f.user_id = p_user and f.state <> 'none') x order by x.id loop
          v_rev := personal_bump_v1(v_friend);
          if v_friend = p_user then
            update users u set display_name = null, tag = null, username = null, username_key = null, username_skeleton = null,
              password_hash = null, avatar_color = null, address_key = null, anonymised_at = clock_timestamp(),
              profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
            return query select p_user, v_rev, 'user', author_json_v1(u) from users u where u.id = p_user;
            for v_session in select s.id from sessions s where s.user_id = p_user and s.ended_at is null loop
              return query update sessions s set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = personal_bump_v1(p_user)
                where s.id = v_session
                returning s.user_id, s.feed_rev, 'session', json_build_object('id', s.id, 'ended_at', s.ended_at);
            end loop;
          else
            return query select * from friend_write_v1(v_friend, p_user, 'none', null, v_rev, false);
          end if;
        end loop;
        delete from friendships f where f.user_id = p_user;
        delete from blocks b where b.user_id = p_user;
        delete from drafts d where d.user_id = p_user;
        delete from personal_settings s where s.user_id = p_user;
        delete from recovery_codes c where c.user_id = p_user;
        delete from former_names n where n.user_id = p_user;
      end
      $$;

      drop function guests_anonymise_v1(bigint, integer);

      -- Forgets one guest who was not seen for so long and can't come back; no row when there is none. One at a time:
      -- with two, the second one's session would be taken after the heads of the first one's friends.
      create function guest_forget_v1(p_unseen_ms bigint) returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_user uuid;
      begin
        select u.id into v_user from users u
        where u.kind = 'guest' and u.anonymised_at is null
          and u.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
          and not exists (select from sessions s where s.user_id = u.id and s.ended_at is null and s.expires_at > now())
        order by u.last_seen_at limit 1
        for no key update of u skip locked;
        return query select * from user_forget_v1(v_user, 'expired');
      end
      $$;

      -- Memberships of people who are gone: each leaves by a change of its own, so that whoever is there is told.
      create index users_gone on users (anonymised_at) where anonymised_at is not null;

      create or replace view conversation_states_v1 as
        select c.id, c.kind, c.title, c.slug, c.slow_mode_ms, c.retention_ms, c.settings_rev,
          h.seq, h.rev, h.floor_seq, h.floor_rev, h.last_at, c.direct_low, c.direct_high
        from conversations c join conversation_heads h on h.conversation_id = c.id;

      -- As membership_change_v1, with the whole membership for the personal feed.
      create function membership_change_v2(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text,
        p_role text, p_muted_until timestamptz, p_large integer)
      returns table (verdict text, code text, rev bigint, feed_rev bigint, membership json) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v membership_verdict_v1;
      begin
        v := membership_change_v1(p_conversation, p_actor, p_user, p_verb, p_role, p_muted_until, p_large);
        return query select v.verdict, v.code, v.rev, v.feed_rev, coalesce(
          (select to_json(m) from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
          -- What was never written is as everybody's is.
          json_build_object('conversation_id', p_conversation, 'user_id', p_user, 'role', v.role, 'state', v.state,
            'muted_until', v.muted_until, 'read_seq', v.read_seq, 'cleared_seq', 0, 'archived_seq', null, 'pinned_at', null));
      end
      $$;

      -- As read_marks_v1, as a personal feed tells it.
      create function read_marks_v2(p_marks json) returns setof personal_told_v1 language plpgsql volatile as $$
      declare
        v_mark record;
        v_rev bigint;
      begin
        for v_mark in select o.c, o.u, max(o.seq) as seq from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint)
            group by o.c, o.u order by o.u, o.c loop
          if exists (select from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u
              and m.state = 'joined' and m.read_seq < v_mark.seq) then
            v_rev := personal_bump_v1(v_mark.u);
            return query update memberships m
              set read_seq = greatest(m.read_seq, least(v_mark.seq, h.seq)), feed_rev = v_rev
              from conversation_heads h
              where h.conversation_id = v_mark.c and m.conversation_id = v_mark.c and m.user_id = v_mark.u
              returning m.user_id, m.feed_rev, 'membership', to_json(m);
          end if;
        end loop;
      end
      $$;

      -- The beginning of the last message, for lists.
      create function last_message_v1(p_conversation uuid, p_seq bigint, p_characters integer) returns json language sql stable as $$
        select json_build_object('seq', m.seq, 'author_id', m.author_id, 'body', left(m.body, p_characters), 'created_at', m.created_at,
          'is_deleted', m.deleted_at is not null)
        from messages m where m.conversation_id = p_conversation and m.seq = p_seq
      $$;

      -- What changed in a personal feed after p_rev, as latest states, and whom it speaks of.
      create function personal_changes_v2(p_user uuid, p_rev bigint, p_limit integer)
      returns table (rev bigint, is_reset boolean, has_more boolean, changes json, users json) language sql stable as $$
        with head as (
          select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
        ), changed as (
          select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data, null::uuid as about from users u where u.id = p_user and u.feed_rev > p_rev
          union all
          select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
          from sessions s where s.user_id = p_user and s.feed_rev > p_rev
          union all
          select 'membership', m.feed_rev, to_json(m), case when c.direct_low = p_user then c.direct_high else c.direct_low end
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
