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
      -- Every search reads the list of entries that are not in their place yet: a megabyte of it is a few milliseconds, and
      -- putting each there at once is slower to write.
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

      -- The newest p_limit candidates among p_from <= ord < p_to, and a last row without a message that says down to
      -- where was looked. First the newest thousand one by one, where what is frequent is found at once; then by the index
      -- of terms, eight blocks at a time, so that a word that was frequent only long ago does not cost all of it, and later more.
      create function search_v1(p_keys integer[], p_terms integer[], p_from bigint, p_to bigint, p_limit integer)
      returns table (ord bigint, conversation_id uuid, seq bigint) language plpgsql stable
      set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
      #variable_conflict use_column
      declare
        v_ords bigint[];
        v_conversations uuid[];
        v_seqs bigint[];
        v_to bigint := p_to;
        v_from bigint := greatest(p_from, p_to - 1024);
        v_left integer := p_limit;
        v_step integer := 0;
        v_blocks integer[];
      begin
        loop
          if v_step = 0 then
            -- Fenced off, so that it is read by ord and not by terms.
            select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc), array_agg(x.seq order by x.ord desc)
            into v_ords, v_conversations, v_seqs from (
              select t.* from (select * from message_terms t where t.ord >= v_from and t.ord < v_to offset 0) t
              where t.terms @> p_terms and (p_keys is null or t.terms && p_keys) order by t.ord desc limit v_left) x;
          else
            v_blocks := (select array_agg(-1 - b) from generate_series((v_from >> 12)::integer, ((v_to - 1) >> 12)::integer) b);
            -- An ord that is computed is not looked for by its own index.
            select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc), array_agg(x.seq order by x.ord desc)
            into v_ords, v_conversations, v_seqs from (
              select t.ord, t.conversation_id, t.seq from message_terms t
              where t.terms @> p_terms and t.terms && v_blocks and t.terms && coalesce(p_keys, v_blocks)
                and t.ord + 0 >= v_from and t.ord + 0 < v_to order by t.ord + 0 desc limit v_left) x;
          end if;
          return query select * from unnest(v_ords, v_conversations, v_seqs);
          v_left := v_left - coalesce(cardinality(v_ords), 0);
          if v_left <= 0 then
            return query select v_ords[cardinality(v_ords)], null::uuid, null::bigint;
            return;
          elsif v_from <= p_from then
            return query select p_from, null::uuid, null::bigint;
            return;
          end if;
          v_step := v_step + 1;
          v_to := v_from;
          v_from := greatest(p_from, v_to - case when v_step <= 32 then 8 else 256 end * 4096);
        end loop;
      end
      $$;

      -- Those of the candidates that the asker may read now, and that are there. They still are to be looked at: a hash is not a word.
      create function search_live_v1(p_user uuid, p_conversations uuid[], p_seqs bigint[], p_since timestamptz, p_until timestamptz)
      returns table (n bigint, message json, author json) language sql stable as $$
        select x.n, to_json(s), author_json_v1(u)
        from unnest(p_conversations, p_seqs) with ordinality as x(conversation_id, seq, n)
        join conversations c on c.id = x.conversation_id
        join conversation_heads h on h.conversation_id = c.id
        left join memberships m on m.conversation_id = c.id and m.user_id = p_user
        cross join lateral (select * from message_states_v1 v where v.conversation_id = x.conversation_id and v.seq = x.seq) s
        left join users u on u.id = s.author_id
        where case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
          and s.deleted_at is null and x.seq > h.floor_seq and x.seq > coalesce(m.cleared_seq, 0)
          and (p_since is null or s.created_at >= p_since) and (p_until is null or s.created_at < p_until)
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
