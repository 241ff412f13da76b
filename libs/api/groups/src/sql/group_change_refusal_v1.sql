-- Decides if the roles and states of two members allow a verb of group_change_v1. For add, group_add_refusal_v1 has
-- further conditions.
--
-- p_kind is the kind of the conversation. p_actor is the membership of the acting user, p_was that of the user who is
-- changed; null if there is none.
-- Returns null if so, else a code: not_found, forbidden, exists (the verb changes nothing).
-- The caller holds the lock of the conversation's head.
create or replace function group_change_refusal_v1(p_kind text, p_actor memberships, p_was memberships, p_verb text)
returns text
language sql immutable as $$
  select case
    when p_kind is distinct from 'group' then 'not_found'
    when p_verb = 'join' then case
      when p_was.state = 'joined' then 'exists'
      when p_was.state is distinct from 'invited' then 'not_found'
    end
    when p_verb = 'leave' then case
      when p_was.state is null then 'not_found'
      when p_was.state not in ('joined', 'invited') then 'exists'
    end
    when p_actor.state is distinct from 'joined' then 'not_found'
    when p_verb = 'remove' then case
      when p_was.state is null then 'not_found'
      when p_was.user_id = p_actor.user_id then 'forbidden'
      -- The owner removes anybody else, other members only those whom they have invited and who haven't joined yet.
      when p_actor.role <> 'owner' and not (p_was.state = 'invited' and p_was.invited_by = p_actor.user_id)
        then 'forbidden'
      when p_was.state not in ('joined', 'invited') then 'exists'
    end
    when p_verb = 'hand_over' then case
      when p_actor.role <> 'owner' then 'forbidden'
      when p_was.state is distinct from 'joined' then 'not_found'
      when p_was.role = 'owner' then 'exists'
    end
  end
$$;
