import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links whose pages are still to be read, and what pages said. The follower that indexes messages finds the links. */
export class LinkPreviews1790000022000 implements MigrationInterface {
  readonly name = 'LinkPreviews1790000022000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A cache: what a page said of itself, or null where it said nothing or could not be reached.
      create table link_previews (
        -- SHA-256 of the address.
        url_hash bytea primary key,
        preview json,
        fetched_at timestamptz not null
      );
      create index link_previews_age on link_previews (fetched_at);

      create table preview_jobs (
        conversation_id uuid not null,
        seq bigint not null,
        message_id uuid not null,
        author_id uuid not null,
        url text not null,
        -- SHA-256 of the text in which it stands: of another text nothing is wanted any more.
        said text not null,
        -- Whoever takes it moves this on: a node that dies leaves it to the others.
        due_at timestamptz not null default now(),
        tries integer not null default 0,
        primary key (conversation_id, seq)
      );
      create index preview_jobs_due on preview_jobs (due_at);

      -- As search_pending_v1, with what decides whether a preview is wanted.
      create function search_pending_v2(p_conversations uuid[], p_limit integer)
      returns table (conversation_id uuid, from_rev bigint, to_rev bigint, has_more boolean, messages json) language sql stable as $$
        select h.conversation_id, coalesce(c.rev, 0), case when x.count < p_limit then h.rev else x.rev end, x.count >= p_limit, coalesce(x.messages, '[]')
        from conversation_heads h
        join conversations k on k.id = h.conversation_id and k.kind <> 'match'
        left join search_cursors c on c.conversation_id = h.conversation_id
        cross join lateral (select count(*) as count, max(m.rev) as rev, json_agg(json_build_object('seq', m.seq, 'id', m.id, 'author_id', m.author_id,
            'at', m.created_at, 'body', m.body, 'is_deleted', m.deleted_at is not null or m.seq <= h.floor_seq, 'is_pinned', m.pinned_at is not null,
            'has_preview', m.preview is not null) order by m.rev) as messages
          from (select * from messages m where m.conversation_id = h.conversation_id and m.rev > coalesce(c.rev, 0) order by m.rev limit p_limit) m) x
        where h.conversation_id = any (p_conversations) and h.rev > coalesce(c.rev, 0)
      $$;

      -- As search_write_v1, and notes the links whose pages are to be read: with the cursor, so that none is forgotten or read twice.
      create function search_write_v2(p_batch json) returns void language plpgsql volatile as $$
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
        insert into preview_jobs as j (conversation_id, seq, message_id, author_id, url, said)
        select o.c, x.s, x.id, x.u, x.url, x.h
        from json_to_recordset(p_batch) as o(c uuid, links json)
        cross join lateral json_to_recordset(o.links) as x(s bigint, id uuid, u uuid, url text, h text)
        where o.c = any (v_taken) order by o.c, x.s
        on conflict (conversation_id, seq) do update set url = excluded.url, said = excluded.said, due_at = now(), tries = 0;
      end
      $$;

      -- As it was; what its asker has deleted for themselves is not quoted either.
      create or replace function search_live_v1(p_user uuid, p_conversations uuid[], p_seqs bigint[], p_since timestamptz, p_until timestamptz)
      returns table (n bigint, message json, author json) language sql stable as $$
        select x.n, case when (s.quote ->> 'seq')::bigint <= m.cleared_seq then (to_jsonb(s) - 'quote')::json else to_json(s) end, author_json_v1(u)
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

      -- Takes what is due, the oldest first; who does not finish it within p_lease_ms leaves it to another.
      create function preview_claim_v1(p_limit integer, p_lease_ms integer) returns setof preview_jobs language sql volatile as $$
        update preview_jobs j set due_at = now() + p_lease_ms * interval '1 millisecond', tries = j.tries + 1
        from (select x.conversation_id, x.seq from preview_jobs x where x.due_at <= now() order by x.due_at limit p_limit for update skip locked) d
        where j.conversation_id = d.conversation_id and j.seq = d.seq
        returning j.*
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
