-- Returns true if a change of a membership takes a rev of the conversation, and so is published on its feed.
--
-- p_was and p_now: the membership before (null if none was ever written) and after. p_members: the members before the
-- change. p_large: with more members than this, joins and leaves take no rev.
create or replace function membership_takes_rev_v1(
  p_verb text, p_was memberships, p_now memberships, p_members integer, p_large integer
)
returns boolean
language sql immutable as $$
  select case
    -- An invitation concerns nobody else.
    when p_verb = 'invite' or p_was.state = 'invited' and p_now.state = 'left' then false
    when p_verb in ('join', 'leave') and p_now.role = coalesce(p_was.role, 'member') then p_members <= p_large
    else true
  end
$$;
