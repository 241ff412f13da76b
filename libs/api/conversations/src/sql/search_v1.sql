-- Returns the newest p_limit candidates with p_from <= ord < p_to, newest first, and a last row that has only an ord:
-- everything from there up has been searched.
--
-- A candidate has all of p_terms and, if p_keys is not null, at least one of p_keys. Candidates may be deleted or
-- unreadable meanwhile: search_live_v1 checks them. The first 1,024 ords are read one by one, which finds frequent
-- terms at once. Then the index of terms is read 8 blocks of 4,096 ords at a time, so that a term that was frequent
-- only long ago does not cost all of its messages; after 32 such steps, 256 blocks at a time.
create or replace function search_v1(p_keys integer[], p_terms integer[], p_from bigint, p_to bigint, p_limit integer)
returns table (ord bigint, conversation_id uuid, seq bigint)
language plpgsql stable
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
      select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc),
        array_agg(x.seq order by x.ord desc)
      into v_ords, v_conversations, v_seqs
      from (
        select t.ord, t.conversation_id, t.seq
        from (
          select t.ord, t.conversation_id, t.seq, t.terms
          from message_terms t
          where t.ord >= v_from and t.ord < v_to
          -- Makes Postgres read by ord and not by terms.
          offset 0
        ) t
        where t.terms @> p_terms and (p_keys is null or t.terms && p_keys)
        order by t.ord desc
        limit v_left
      ) x;
    else
      -- Each row has a term for its block: -1 minus the block's number.
      v_blocks := (
        select array_agg(-1 - b) from generate_series((v_from >> 12)::integer, ((v_to - 1) >> 12)::integer) b
      );
      select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc),
        array_agg(x.seq order by x.ord desc)
      into v_ords, v_conversations, v_seqs
      from (
        select t.ord, t.conversation_id, t.seq
        from message_terms t
        where t.terms @> p_terms and t.terms && v_blocks and t.terms && coalesce(p_keys, v_blocks)
          -- ord + 0 keeps Postgres from using the index of ord.
          and t.ord + 0 >= v_from and t.ord + 0 < v_to
        order by t.ord + 0 desc
        limit v_left
      ) x;
    end if;

    return query
      select x.ord, x.conversation_id, x.seq
      from unnest(v_ords, v_conversations, v_seqs) as x(ord, conversation_id, seq);
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
