import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a message has besides its text: what it answers, that it was said elsewhere, former texts, and what a linked page says. */
export class MessageParts1790000020000 implements MigrationInterface {
  readonly name = 'MessageParts1790000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table messages
        add column reply_to uuid,
        -- Where that stands: its id is known from the keys only while a batch is written.
        add column reply_seq bigint,
        add column is_forwarded boolean not null default false,
        -- Of the text as it is: any edit takes it away.
        add column preview json;

      -- A text that was replaced, and since when it had been there. It goes with its message.
      create table message_edits (
        conversation_id uuid not null,
        seq bigint not null,
        -- Of the edit that replaced it.
        rev bigint not null,
        user_id uuid not null,
        body text not null,
        written_at timestamptz not null,
        primary key (conversation_id, seq, rev)
      );

      -- The beginning (limits.quoteCharacters) of a message as whoever answers it shows it; null once retention has taken it.
      create function quote_v1(p_conversation uuid, p_seq bigint) returns json language sql stable as $$
        select json_build_object('seq', t.seq, 'rev', t.rev, 'authorId', t.author_id, 'body', left(t.body, 200),
          'isDeleted', t.deleted_at is not null)
        from messages t join conversation_heads h on h.conversation_id = t.conversation_id
        where t.conversation_id = p_conversation and t.seq = p_seq and t.seq > h.floor_seq
      $$;

      create or replace view message_states_v1 as
        select m.conversation_id, m.seq, m.id, m.author_id, greatest(m.rev, r.rev) as rev, m.body,
          m.created_at, m.edited_at, m.deleted_at, r.reactions, m.pinned_at, m.reply_to,
          case when m.reply_seq is not null then quote_v1(m.conversation_id, m.reply_seq) end as quote,
          m.is_forwarded, m.preview
        from messages m
        left join lateral (
          select max(e.rev) as rev,
            json_agg(json_build_object('emoji', e.emoji, 'count', e.count)) filter (where e.count > 0) as reactions
          from (
            select x.emoji, max(x.rev) as rev, count(*) filter (where x.is_on) as count
            from reactions x
            where x.conversation_id = m.conversation_id and x.seq = m.seq
            group by x.emoji
            order by x.emoji
          ) e
        ) r on true;

      -- The authors of messages and of what they quote.
      create or replace function message_page_v1(p_conversation uuid, p_user uuid, p_from bigint, p_to bigint)
      returns table (messages json, users json, mine json) language sql stable as $$
        with page as materialized (
          select s.* from message_states_v1 s where s.conversation_id = p_conversation and s.seq between p_from and p_to
        )
        select (select coalesce(json_agg(p order by p.seq), '[]') from page p),
          users_json_v1((select array_agg(distinct x.id) from (select p.author_id from page p
            union all select (p.quote ->> 'authorId')::uuid from page p where p.quote is not null) x(id))),
          own_reactions_v1(p_conversation, p_user, (select array_agg(p.seq) from page p))
      $$;

      -- As it was, with who said what is quoted. What changed in a conversation after p_rev, by rev, at most p_limit changes, as latest states.
      -- is_reset: more than p_reset rows changed, or p_rev is above the head. has_more: the page does not reach the head.
      create or replace function conversation_changes_v1(p_conversation uuid, p_rev bigint, p_limit integer, p_reset integer)
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
          array_agg(distinct p.user_id) || array_agg(distinct (p.data -> 'quote' ->> 'authorId')::uuid)
        into v_total, v_changes, v_users from page p;
        return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, v_total > p_limit,
          coalesce(v_changes, '[]'), users_json_v1(v_users);
      end
      $$;

      -- Retention, second half, as it was; former texts go too.
      create or replace function log_erase_v1(p_conversation uuid, p_limit integer)
      returns integer language plpgsql volatile as $$
      declare
        v_top bigint;
        v_count integer;
      begin
        select max(x.seq) into v_top from (select m.seq from messages m join conversation_heads h on h.conversation_id = m.conversation_id
          where m.conversation_id = p_conversation and m.seq <= h.floor_seq order by m.seq limit p_limit) x;
        delete from reactions r where r.conversation_id = p_conversation and r.seq <= v_top;
        delete from message_terms t where t.conversation_id = p_conversation and t.seq <= v_top;
        delete from message_edits e where e.conversation_id = p_conversation and e.seq <= v_top;
        delete from messages m where m.conversation_id = p_conversation and m.seq <= v_top;
        get diagnostics v_count = row_count;
        return v_count;
      end
      $$;

      -- What a message said, the latest first; nothing for whoever may not know. is_allowed: the author, and moderators.
      create function message_edits_v1(p_conversation uuid, p_id uuid, p_user uuid)
      returns table (seq bigint, is_allowed boolean, items json, users json) language sql stable as $$
        with message as (
          select m.* from message_keys k join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
          join conversation_heads h on h.conversation_id = m.conversation_id
          where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit and m.seq > h.floor_seq and m.deleted_at is null
        ), allowed as (
          select m.seq, m.author_id = p_user or coalesce(s.role, 'member') <> 'member' as is_allowed
          from message m left join memberships s on s.conversation_id = p_conversation and s.user_id = p_user
        ), texts as (
          select null::bigint as rev, m.author_id as user_id, m.body, coalesce(m.edited_at, m.created_at) as at from message m
          union all
          select e.rev, e.user_id, e.body, e.written_at from message m
          join message_edits e on e.conversation_id = m.conversation_id and e.seq = m.seq
        )
        select a.seq, a.is_allowed, case when a.is_allowed then
            (select json_agg(json_build_object('userId', t.user_id, 'body', t.body, 'at', t.at) order by t.rev desc nulls first) from texts t) end,
          case when a.is_allowed then users_json_v1((select array_agg(distinct t.user_id) from texts t)) end
        from allowed a
      $$;

      -- Who reacted, the latest first, after the one with p_rev; one row more than p_limit tells that there are more.
      create function message_reactions_v1(p_conversation uuid, p_id uuid, p_emoji text, p_rev bigint, p_limit integer)
      returns table (seq bigint, user_id uuid, emoji text, rev bigint) language sql stable as $$
        select m.seq, r.user_id, r.emoji, r.rev
        from message_keys k join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
        join conversation_heads h on h.conversation_id = m.conversation_id and m.seq > h.floor_seq
        left join lateral (select * from reactions x where x.conversation_id = m.conversation_id and x.seq = m.seq and x.is_on
          and (p_emoji is null or x.emoji = p_emoji) and (p_rev is null or x.rev < p_rev) order by x.rev desc limit p_limit) r on true
        where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
