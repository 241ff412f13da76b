-- Serialises transactions that take or leave look-alike slugs: a slug can't be taken before it is a former slug.
--
-- Locks: an advisory lock for each skeleton, ordered by key, until the end of the transaction.
create or replace function slugs_lock_v1(p_skeletons text[])
returns void
language plpgsql volatile as $$
declare
  v_key bigint;
begin
  for v_key in
    select distinct hashtextextended('slug ' || x.skeleton, 0) as key
    from unnest(p_skeletons) as x(skeleton)
    where x.skeleton is not null
    order by key
  loop
    perform pg_advisory_xact_lock(v_key);
  end loop;
end
$$;
