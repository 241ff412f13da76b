-- Decides if p_user may write to p_other in their direct conversation. Sending and opening both use this function, so
-- that the rule is written once.
--
-- Returns null if they may, else the error code: person_gone (p_other is deleted or unknown), not_accepting (a block
-- either way, or the settings of p_other).
-- A caller that writes holds the lock of the direct conversation's head, or of both users if there is no head yet.
create or replace function direct_refusal_v1(p_user uuid, p_other uuid)
returns text
language sql stable as $$
  select case
    when p_user = p_other then null
    when not user_is_live_v1(p_other) then 'person_gone'
    when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then 'not_accepting'
    when exists (
      select
      from friendships f
      where f.user_id = p_other and f.other_id = p_user and f.state = 'friend'
    ) then null
    -- Whoever has written here gets an answer, whatever their settings are.
    when exists (
      select
      from memberships m
      join conversations c on c.id = m.conversation_id
      where c.direct_low = least(p_user, p_other)
        and c.direct_high = greatest(p_user, p_other)
        and m.user_id = p_other
        and m.has_written
    ) then null
    else (
      select case coalesce(
        (select s.who_may_message from personal_settings s where s.user_id = p_other),
        'friends'
      )
        when 'anyone' then null
        when 'rooms' then case
          when exists (
            select
            from memberships a
            join memberships b on b.conversation_id = a.conversation_id
            join conversations c on c.id = a.conversation_id
            where a.user_id = p_other
              and a.state = 'joined'
              and b.user_id = p_user
              and b.state = 'joined'
              and c.kind in ('room', 'group')
          ) then null
          else 'not_accepting'
        end
        else 'not_accepting'
      end
    )
  end
$$;
