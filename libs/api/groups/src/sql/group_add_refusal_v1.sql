-- Decides if p_actor, a member of a group, may add p_user.
--
-- p_was is the membership of p_user, null if there is none. p_is_friend is true if the two are friends, so that p_user
-- joins without an invitation. p_max_members counts the invited too; p_max_invitations counts open ones by p_actor.
-- Returns null if p_actor may, else a code: exists (p_user is in the group or invited), not_accepting (p_user is
-- banned), those of group_refusal_v1, limit_reached.
-- The caller holds the locks of the conversation's head and of both users.
create or replace function group_add_refusal_v1(
  p_conversation uuid, p_actor uuid, p_user uuid, p_was memberships, p_is_friend boolean,
  p_max_members integer, p_max_invitations integer
)
returns text
language sql stable as $$
  select coalesce(
    case
      when p_was.state in ('joined', 'invited') then 'exists'
      when p_was.state = 'banned' then 'not_accepting'
    end,
    group_refusal_v1(p_actor, p_user),
    case
      when (
        select count(*)
        from memberships m
        where m.conversation_id = p_conversation and m.state in ('joined', 'invited')
      ) >= p_max_members then 'limit_reached'
      when not p_is_friend and (
        select count(*)
        from memberships m
        where m.invited_by = p_actor and m.state = 'invited'
      ) >= p_max_invitations then 'limit_reached'
    end
  )
$$;
