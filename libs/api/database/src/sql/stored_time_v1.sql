-- Returns a time as it is stored: rounded down to the millisecond, and within the years 2000 to 2199.
--
-- Null stays null. Whatever is outside becomes the nearer end, infinity too. The bounds are those of StoredTime.
create or replace function stored_time_v1(p_time timestamptz)
returns timestamptz
language sql stable as $$
  select case when p_time is not null then date_trunc(
    'milliseconds', greatest(least(p_time, '2199-12-31 23:59:59.999Z'), timestamptz '2000-01-01 00:00:00Z')
  ) end
$$;
