-- Returns the epoch of the database, which identifies its timeline.
--
-- Makes a new epoch if anything that a restore recreates differs from what is stored beside the epoch:
--   system_identifier  a backup restored into another server
--   timeline           recovery to a point in time, a promoted copy
--   database_oid       a dump restored into another database, a clone
--   written_by         a dump restored into the same database: each row gets another xmin, frozen or not
-- Locks: the row of the timeline, only when a new epoch is made.
create or replace function epoch_v1()
returns uuid
language plpgsql volatile as $$
declare
  v_system text := (select c.system_identifier::text from pg_control_system() c);
  v_timeline text := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  v_database oid := (select d.oid from pg_database d where d.datname = current_database());
  v_epoch uuid;
begin
  select t.epoch into v_epoch
  from timelines t
  where t.system_identifier = v_system and t.timeline = v_timeline
    and t.database_oid = v_database and t.written_by = t.xmin;
  if found then
    return v_epoch;
  end if;

  -- Of several connections that come here at once, the first makes the epoch; the condition keeps it for the others.
  insert into timelines as t (system_identifier, timeline, database_oid)
  values (v_system, v_timeline, v_database)
  on conflict (only_row) do update
  set epoch = gen_random_uuid(), system_identifier = v_system, timeline = v_timeline, database_oid = v_database
  where (t.system_identifier, t.timeline, t.database_oid) is distinct from (v_system, v_timeline, v_database)
     or t.written_by is distinct from t.xmin;
  if found then
    -- The row itself knows who wrote it: within a savepoint that is not pg_current_xact_id().
    update timelines t
    set written_by = t.xmin;
  end if;

  select t.epoch into v_epoch
  from timelines t;
  return v_epoch;
end
$$;
