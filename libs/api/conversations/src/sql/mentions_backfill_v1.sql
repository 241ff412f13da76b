-- Returns the next conversation for MentionBackfill, and moves the progress past p_done.
--
-- p_done: the conversation that the caller has finished, null at first. Returns null if none is left, or while a
-- transaction runs that may still write messages without keys.
-- Locks: the row of the progress. Nodes share it: a step that two of them do is harmless.
create or replace function mentions_backfill_v1(p_done uuid)
returns uuid
language plpgsql volatile as $$
declare
  v_progress mention_backfill;
  v_next uuid;
begin
  select * into v_progress from mention_backfill b for update;
  if not found then
    return null;
  end if;
  -- A transaction that this server has not come to is of another one, whose dump was restored here.
  if v_progress.waits_for is null or v_progress.waits_for >= pg_snapshot_xmax(pg_current_snapshot()) then
    update mention_backfill b set waits_for = pg_current_xact_id();
    return null;
  elsif pg_snapshot_xmin(pg_current_snapshot()) < v_progress.waits_for then
    return null;
  end if;

  v_progress.after := greatest(v_progress.after, p_done);
  select h.conversation_id into v_next
  from conversation_heads h
  where h.conversation_id > v_progress.after
  order by h.conversation_id
  limit 1;
  if v_next is null then
    delete from mention_backfill;
  else
    update mention_backfill b set after = v_progress.after;
  end if;
  return v_next;
end
$$;
