-- Returns true if a change of a membership is published in its user's personal feed.
--
-- Not for a ban of somebody who was never in the room, nor for later changes until they are invited or join: moderators
-- must not write into the feeds of strangers. p_was: the membership before, null if none was ever written.
create or replace function membership_is_told_v1(p_kind text, p_verb text, p_was memberships)
returns boolean
language sql immutable as $$
  select p_kind = 'lobby'
    or p_verb in ('join', 'invite')
    or coalesce(p_was.state in ('joined', 'invited') or p_was.feed_rev > 0, false)
$$;
