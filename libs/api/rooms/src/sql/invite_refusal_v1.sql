-- Returns why a user may not manage the invite links of a room, or null. Owners and moderators may.
--
-- Codes: not_found (no room, or the user is not in it), forbidden.
create or replace function invite_refusal_v1(p_conversation uuid, p_actor uuid)
returns text
language sql stable as $$
  select case
    coalesce(
      (
        select m.role
        from memberships m
        join conversations c on c.id = m.conversation_id
        where m.conversation_id = p_conversation and m.user_id = p_actor
          and m.state = 'joined' and c.kind = 'room'
      ),
      'nobody'
    )
    when 'nobody' then 'not_found'
    when 'member' then 'forbidden'
  end
$$;
