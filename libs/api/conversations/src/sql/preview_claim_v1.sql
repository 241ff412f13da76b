-- Claims the link preview jobs that are due, oldest first, and returns them.
--
-- p_lease_ms: a job that is not deleted or written again within this time is due again, for any node.
-- Locks: the jobs. Skips those that another node is claiming.
create or replace function preview_claim_v1(p_limit integer, p_lease_ms integer)
returns setof preview_jobs
language sql volatile as $$
  update preview_jobs j
  set due_at = now() + p_lease_ms * interval '1 millisecond', tries = j.tries + 1
  from (
    select x.conversation_id, x.seq
    from preview_jobs x
    where x.due_at <= now()
    order by x.due_at
    limit p_limit
    for update skip locked
  ) due
  where j.conversation_id = due.conversation_id and j.seq = due.seq
  returning j.*
$$;
