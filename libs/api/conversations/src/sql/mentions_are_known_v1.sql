-- Returns true if MentionBackfill has computed the mention keys of a conversation's old messages.
--
-- A newer message of a node of the release before has a row without keys: its keys are unknown nevertheless.
create or replace function mentions_are_known_v1(p_conversation uuid)
returns boolean
language sql stable as $$
  select not exists (select from mention_backfill b where b.after < p_conversation)
$$;
