import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a reader gets. Each function is STABLE and read by one statement, so that rows, floor and head
 * belong to the same snapshot.
 */
export class LogReads1790000004000 implements MigrationInterface {
  readonly name = 'LogReads1790000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A conversation with its head, as one of its readers sees it.
      create view conversation_states_v1 as
        select c.id, c.kind, c.title, c.slug, c.slow_mode_ms, c.retention_ms, c.settings_rev,
          h.seq, h.rev, h.floor_seq, h.floor_rev, h.last_at
        from conversations c join conversation_heads h on h.conversation_id = c.id;

      create function users_json_v1(p_ids uuid[]) returns json language sql stable as $$
        select coalesce(json_agg(author_json_v1(u)), '[]') from users u where u.id = any (p_ids)
      $$;

      create function own_reactions_v1(p_conversation uuid, p_user uuid, p_seqs bigint[]) returns json language sql stable as $$
        select coalesce(json_agg(json_build_object('seq', r.seq, 'emoji', r.emoji) order by r.seq, r.emoji), '[]')
        from reactions r where r.conversation_id = p_conversation and r.user_id = p_user and r.is_on and r.seq = any (p_seqs)
      $$;

      -- Messages with p_from <= seq <= p_to above the floor, with their authors and the asker's own reactions.
      create function message_page_v1(p_conversation uuid, p_user uuid, p_from bigint, p_to bigint)
      returns table (messages json, users json, mine json) language sql stable as $$
        with page as materialized (
          select s.* from message_states_v1 s where s.conversation_id = p_conversation and s.seq between p_from and p_to
        )
        select (select coalesce(json_agg(p order by p.seq), '[]') from page p),
          users_json_v1((select array_agg(distinct p.author_id) from page p)),
          own_reactions_v1(p_conversation, p_user, (select array_agg(p.seq) from page p))
      $$;

      -- What changed in a conversation after p_rev, by rev, at most p_limit changes, as latest states.
      -- is_reset: more than p_reset rows changed, or p_rev is above the head. has_more: the page does not reach the head.
      create function conversation_changes_v1(p_conversation uuid, p_rev bigint, p_limit integer, p_reset integer)
      returns table (seq bigint, rev bigint, floor_seq bigint, is_private boolean, is_reset boolean, has_more boolean, changes json, users json)
      language plpgsql stable as $$
      #variable_conflict use_column
      declare
        v_state conversation_states_v1;
        v_seqs bigint[];
        v_rows integer;
        v_changes json;
        v_users uuid[];
        v_total integer;
      begin
        select * into v_state from conversation_states_v1 s where s.id = p_conversation;
        if not found then
          return;
        end if;
        if p_rev = v_state.rev then
          return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, false, '[]'::json, '[]'::json;
          return;
        end if;
        select array_agg(distinct x.seq), count(*) into v_seqs, v_rows from (
          (select m.seq from messages m where m.conversation_id = p_conversation and m.rev > p_rev and m.seq > v_state.floor_seq limit p_reset + 1)
          union all
          (select r.seq from reactions r where r.conversation_id = p_conversation and r.rev > p_rev and r.seq > v_state.floor_seq limit p_reset + 1)
        ) x;
        if p_rev > v_state.rev or v_rows > p_reset then
          return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', true, false, '[]'::json, '[]'::json;
          return;
        end if;

        with changed as (
          select case when s.deleted_at is null then 'message' else 'deleted' end as kind, s.rev, to_json(s) as data, s.author_id as user_id
          from message_states_v1 s where s.conversation_id = p_conversation and s.seq = any (v_seqs)
          union all
          select 'member', m.rev, to_json(m), m.user_id
          from memberships m where m.conversation_id = p_conversation and m.rev > p_rev
          union all
          select 'settings', v_state.settings_rev, to_json(v_state), null where v_state.settings_rev > p_rev
          union all
          select 'floor', v_state.floor_rev, to_json(v_state), null where v_state.floor_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select (select count(*) from changed), json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev),
          array_agg(distinct p.user_id)
        into v_total, v_changes, v_users from page p;
        return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, v_total > p_limit,
          coalesce(v_changes, '[]'), users_json_v1(v_users);
      end
      $$;

      -- What changed in a personal feed after p_rev, as latest states.
      create function personal_changes_v1(p_user uuid, p_rev bigint, p_limit integer)
      returns table (rev bigint, is_reset boolean, has_more boolean, changes json) language sql stable as $$
        with head as (
          select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
        ), changed as (
          select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data from users u where u.id = p_user and u.feed_rev > p_rev
          union all
          select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at)
          from sessions s where s.user_id = p_user and s.feed_rev > p_rev
          union all
          select 'membership', m.feed_rev, to_json(m) from memberships m where m.user_id = p_user and m.feed_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select h.rev, p_rev > h.rev, (select count(*) from changed) > p_limit,
          coalesce((select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p), '[]')
        from head h
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
