-- Returns the milliseconds from p_now until p_until, rounded up.
--
-- 0 if p_until has passed or is null; 2147483647, the greatest integer, if it is further away than that.
create or replace function milliseconds_until_v1(p_until timestamptz, p_now timestamptz)
returns integer
language sql immutable as $$
  select least(greatest(ceil(extract(epoch from p_until - p_now) * 1000), 0), 2147483647)::integer
$$;
