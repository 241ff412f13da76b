-- Returns the epoch of the database, which identifies its timeline.
--
-- A restored backup and a promoted copy have another system identifier or another timeline than those stored with the
-- epoch: the first call there makes a new epoch.
-- Locks: the row of the timeline, only when a new epoch is made.
create or replace function epoch_v1()
returns uuid
language plpgsql volatile as $$
declare
  v_system text := (select c.system_identifier::text from pg_control_system() c);
  v_timeline text := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  v_epoch uuid;
begin
  select t.epoch into v_epoch
  from timelines t
  where t.system_identifier = v_system and t.timeline = v_timeline;
  if found then
    return v_epoch;
  end if;

  -- Of several connections that come here at once, the first makes the epoch; the condition keeps it for the others.
  insert into timelines as t (system_identifier, timeline)
  values (v_system, v_timeline)
  on conflict (only_row) do update
  set epoch = gen_random_uuid(), system_identifier = v_system, timeline = v_timeline
  where t.system_identifier <> v_system or t.timeline <> v_timeline;

  select t.epoch into v_epoch
  from timelines t;
  return v_epoch;
end
$$;
