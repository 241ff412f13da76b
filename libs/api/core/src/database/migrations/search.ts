import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What messages are found by. Written after the commit by whoever follows the feeds, and checked against the live row. */
export class Search1790000019000 implements MigrationInterface {
  readonly name = 'Search1790000019000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence message_terms_ord as bigint;
      create table message_terms (
        conversation_id uuid not null,
        seq bigint not null,
        -- The order in which messages were indexed: nearly that in which they were said, over all conversations.
        ord bigint not null default nextval('message_terms_ord'),
        -- Hashes of grams, words, author, conversation and marks, all positive; and, negative, the block of 4,096 of ord,
        -- so that a search can look at the newest messages first.
        terms integer[] not null,
        primary key (conversation_id, seq)
      );
      create unique index message_terms_by_ord on message_terms (ord);
      -- Entries go to their place at once: a list of pending ones would be read by every search.
      create index message_terms_terms on message_terms using gin (terms) with (fastupdate = on, gin_pending_list_limit = 1024);

      -- Up to which rev each conversation is indexed.
      create table search_cursors (
        conversation_id uuid primary key,
        rev bigint not null
      ) with (fillfactor = 70);

      -- What of these conversations is not indexed yet: at most p_limit messages each, by rev, as they stand.
      create function search_pending_v1(p_conversations uuid[], p_limit integer)
      returns table (conversation_id uuid, from_rev bigint, to_rev bigint, has_more boolean, messages json) language sql stable as $$
        select h.conversation_id, coalesce(c.rev, 0), case when x.count < p_limit then h.rev else x.rev end, x.count >= p_limit, coalesce(x.messages, '[]')
        from conversation_heads h
        join conversations k on k.id = h.conversation_id and k.kind <> 'match'
        left join search_cursors c on c.conversation_id = h.conversation_id
        cross join lateral (select count(*) as count, max(m.rev) as rev, json_agg(json_build_object('seq', m.seq, 'author_id', m.author_id,
            'at', m.created_at, 'body', m.body, 'is_deleted', m.deleted_at is not null or m.seq <= h.floor_seq, 'is_pinned', m.pinned_at is not null) order by m.rev) as messages
          from (select * from messages m where m.conversation_id = h.conversation_id and m.rev > coalesce(c.rev, 0) order by m.rev limit p_limit) m) x
        where h.conversation_id = any (p_conversations) and h.rev > coalesce(c.rev, 0)
      $$;

      -- Writes what was made of it and moves the cursors; a conversation that somebody else has indexed meanwhile is left alone.
      create function search_write_v1(p_batch json) returns void language plpgsql volatile as $$
      declare
        v_one record;
        v_taken uuid[] := '{}';
      begin
        for v_one in select * from json_to_recordset(p_batch) as o(c uuid, f bigint, t bigint, gone bigint[]) order by o.c loop
          insert into search_cursors (conversation_id, rev) values (v_one.c, 0) on conflict do nothing;
          update search_cursors s set rev = v_one.t where s.conversation_id = v_one.c and s.rev = v_one.f;
          continue when not found;
          v_taken := v_taken || v_one.c;
          delete from message_terms t where t.conversation_id = v_one.c and t.seq = any (v_one.gone);
        end loop;
        -- All conversations in the order in which things were said.
        insert into message_terms as t (conversation_id, seq, ord, terms)
        select r.c, r.s, r.ord, r.k || (-1 - (r.ord >> 12)::integer)
        from (select o.c, x.s, x.k, nextval('message_terms_ord') as ord
          from json_to_recordset(p_batch) as o(c uuid, rows json) cross join lateral json_to_recordset(o.rows) as x(s bigint, at timestamptz, k integer[])
          where o.c = any (v_taken) order by x.at, o.c, x.s) r
        on conflict (conversation_id, seq) do update set terms = excluded.terms[:cardinality(excluded.terms) - 1] || (-1 - (t.ord >> 12)::integer);
      end
      $$;

      -- The newest p_limit candidates among p_from <= ord < p_to. message is null of what the asker may not read, or what
      -- is not there any more; the rest is still to be looked at: a hash is not a word. p_blocks: the blocks in which
      -- these ords lie, where naming them is cheaper than reading all.
      create function search_v1(p_user uuid, p_conversations uuid[], p_keys integer[], p_terms integer[], p_blocks integer[],
        p_from bigint, p_to bigint, p_since timestamptz, p_until timestamptz, p_limit integer)
      returns table (ord bigint, message json) language sql stable
      set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
        with found as materialized (
          select t.conversation_id, t.seq, t.ord from message_terms t
          where t.terms @> p_terms and (p_keys is null or t.terms && p_keys) and (p_blocks is null or t.terms && p_blocks)
            and t.ord >= p_from and t.ord < p_to
        ), newest as materialized (
          select * from found f order by f.ord desc limit p_limit
        )
        select n.ord, case
          when n.conversation_id = any (p_conversations)
            -- Whoever may read it now.
            and case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
            and live.deleted_at is null and n.seq > h.floor_seq and n.seq > coalesce(m.cleared_seq, 0)
            and (p_since is null or live.created_at >= p_since) and (p_until is null or live.created_at < p_until)
          then (select to_json(s) from message_states_v1 s where s.conversation_id = n.conversation_id and s.seq = n.seq) end
        from newest n
        join conversations c on c.id = n.conversation_id
        join conversation_heads h on h.conversation_id = n.conversation_id
        left join memberships m on m.conversation_id = n.conversation_id and m.user_id = p_user
        left join messages live on live.conversation_id = n.conversation_id and live.seq = n.seq
        order by n.ord desc
      $$;

      -- About where in that order the messages of a time begin: a binary search, as they were indexed nearly in time.
      create function search_ord_at_v1(p_at timestamptz) returns bigint language plpgsql stable as $$
      declare
        v_low bigint := 0;
        v_high bigint;
        v_middle bigint;
        v_at timestamptz;
      begin
        select coalesce(max(t.ord), 0) + 1 into v_high from message_terms t;
        while v_low < v_high loop
          v_middle := (v_low + v_high) / 2;
          select m.created_at into v_at from message_terms t join messages m on m.conversation_id = t.conversation_id and m.seq = t.seq
          where t.ord >= v_middle order by t.ord limit 1;
          if not found or v_at >= p_at then v_high := v_middle; else v_low := v_middle + 1; end if;
        end loop;
        return v_low;
      end
      $$;

      -- Retention, second half, as it was; what went is not found any more either.
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
