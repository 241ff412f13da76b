-- Creates a group with the id p_id.
--
-- p_actor becomes the owner. Those of p_users who are friends of p_actor join at once, the others are invited.
-- p_most (members), p_per_day (groups of p_actor) and p_invitations (open ones of p_actor) are maximums.
-- Returns one row for each membership, the joined before the invited. Otherwise returns one row with is_written false
-- and a code of group_create_refusal_v1; exists is the answer to a retry, id_taken also that to a concurrent call of
-- somebody else.
-- Locks: all users, then their personal heads, each in the order of the users' ids.
create or replace function group_create_v1(
  p_actor uuid, p_id uuid, p_title text, p_color text, p_users uuid[],
  p_most integer, p_per_day integer, p_invitations integer
)
returns setof member_told_v1
language plpgsql volatile as $$
declare
  v_code text;
  v_user uuid;
  v_joins boolean;
begin
  perform lock_users_v1(p_users || p_actor);

  v_code := group_create_refusal_v1(p_actor, p_id, p_users, p_most, p_per_day, p_invitations);
  if v_code is not null then
    return query select v_code, false, p_actor, null::bigint, null::bigint, null::json;
    return;
  end if;

  insert into conversations (id, kind, title, color, created_by)
  values (p_id, 'group', p_title, p_color, p_actor)
  on conflict do nothing;
  -- Somebody else took the id since the look at it, and it was not p_actor, whom this call has locked.
  if not found then
    return query select 'id_taken', false, p_actor, null::bigint, null::bigint, null::json;
    return;
  end if;
  insert into conversation_heads (conversation_id)
  values (p_id);

  -- An invitation states how many have joined, so those who join are written first. All personal heads are locked in
  -- the order of ids before, because that is not the order of the writes.
  insert into personal_heads (user_id)
  select distinct u.id
  from unnest(p_users || p_actor) as u(id)
  order by u.id
  on conflict do nothing;
  perform
  from personal_heads h
  where h.user_id = any (p_users || p_actor)
  order by h.user_id
  for no key update;

  for v_user, v_joins in
    select x.id, x.joins
    from (
      select distinct u.id, u.id = p_actor or is_friend_v1(p_actor, u.id) as joins
      from unnest(p_users || p_actor) as u(id)
    ) x
    order by x.joins desc, x.id
  loop
    return query
      select w.code, w.is_written, w.user_id, w.rev, w.feed_rev, w.membership
      from member_write_v1(
        p_id,
        v_user,
        case when v_user = p_actor then 'owner' else 'member' end,
        case when v_joins then 'joined' else 'invited' end,
        case when v_user <> p_actor then p_actor end
      ) w;
  end loop;
end
$$;
