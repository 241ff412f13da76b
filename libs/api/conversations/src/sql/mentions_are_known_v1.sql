-- Returns true if MentionBackfill has computed the mention keys of a conversation's messages from before it began.
--
-- Messages that have a row without keys are not known all the same: a node of the release before wrote them since.
create or replace function mentions_are_known_v1(p_conversation uuid)
returns boolean
language sql stable as $$
  select not exists (select from mention_backfill b where b.after < p_conversation)
$$;
