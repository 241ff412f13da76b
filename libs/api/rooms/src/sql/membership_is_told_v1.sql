-- Returns true if a change of a membership is published in its user's personal feed.
--
-- A ban of somebody who was never in the room is not, nor what follows it, until they are invited or join: nobody can
-- write into the feed of a stranger. p_was: the membership before, null if none was ever written.
create or replace function membership_is_told_v1(p_kind text, p_verb text, p_was memberships)
returns boolean
language sql immutable as $$
  select p_kind = 'lobby'
    or p_verb in ('join', 'invite')
    or coalesce(p_was.state in ('joined', 'invited') or p_was.feed_rev > 0, false)
$$;
