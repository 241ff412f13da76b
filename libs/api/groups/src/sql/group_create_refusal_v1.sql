-- Decides if p_actor may create a group with the id p_id and the members p_users.
--
-- Returns null if p_actor may, else the first of these codes that applies:
--   session_ended             p_actor is deleted
--   exists                    p_actor has created a group with this id: this is a retry
--   id_taken                  the id is that of another conversation
--   not_found, not_accepting  as group_refusal_v1, for any of p_users
--   limit_reached             too many members, groups of p_actor within a day, or open invitations by p_actor
-- The caller holds the locks of all these users.
create or replace function group_create_refusal_v1(
  p_actor uuid, p_id uuid, p_users uuid[], p_max_members integer, p_max_per_day integer, p_max_invitations integer
)
returns text
language plpgsql stable as $$
declare
  v_is_own_group boolean;
  v_code text;
  v_invited integer;
begin
  if not user_is_live_v1(p_actor) then
    return 'session_ended';
  end if;
  select c.kind = 'group' and c.created_by = p_actor into v_is_own_group
  from conversations c
  where c.id = p_id;
  if found then
    return case when v_is_own_group then 'exists' else 'id_taken' end;
  end if;

  select x.code into v_code
  from (
    select group_refusal_v1(p_actor, u.id) as code
    from unnest(p_users) as u(id)
    where u.id <> p_actor
  ) x
  where x.code is not null
  limit 1;
  if found then
    return v_code;
  end if;

  select count(*) into v_invited
  from unnest(p_users) as u(id)
  where u.id <> p_actor and not is_friend_v1(p_actor, u.id);
  return case
    when (select count(distinct u.id) from unnest(p_users || p_actor) as u(id)) > p_max_members then 'limit_reached'
    when (
      select count(*)
      from conversations c
      where c.created_by = p_actor and c.created_at > now() - interval '1 day'
    ) >= p_max_per_day then 'limit_reached'
    when v_invited > 0 and v_invited + (
      select count(*)
      from memberships m
      where m.invited_by = p_actor and m.state = 'invited'
    ) > p_max_invitations then 'limit_reached'
  end;
end
$$;
