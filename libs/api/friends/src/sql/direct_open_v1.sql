-- Opens the direct conversation of two users: finds it, or creates it with the id p_id.
--
-- There is only ever one per pair. If p_other is p_user, it is the conversation with oneself.
-- Returns rows for personal feeds. The first is for p_user and has no rev:
--   opened   data is {id, is_new}; if it is new, the change to publish follows for each member, of kind membership
--   refused  data is the error code
-- Codes: session_ended (p_user is deleted), not_found (p_other is unknown), and those of direct_refusal_v1.
-- Locks: both users, then their personal heads, each in the order of the users' ids.
create or replace function direct_open_v1(p_user uuid, p_other uuid, p_id uuid)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_id uuid;
  v_code text;
  v_user uuid;
  v_rev bigint;
begin
  perform lock_users_v1(array[p_user, p_other]);
  if not user_is_live_v1(p_user) then
    return query select p_user, null::bigint, 'refused', to_json('session_ended'::text);
    return;
  end if;

  select c.id into v_id
  from conversations c
  where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other);
  if found then
    return query select p_user, null::bigint, 'opened', json_build_object('id', v_id, 'is_new', false);
    return;
  end if;
  v_code := case
    when not exists (select from users u where u.id = p_other) then 'not_found'
    else direct_refusal_v1(p_user, p_other)
  end;
  if v_code is not null then
    return query select p_user, null::bigint, 'refused', to_json(v_code);
    return;
  end if;

  insert into conversations (id, kind, direct_low, direct_high, member_count)
  values (
    p_id, 'direct', least(p_user, p_other), greatest(p_user, p_other), case when p_user = p_other then 1 else 2 end
  );
  insert into conversation_heads (conversation_id)
  values (p_id);
  return query select p_user, null::bigint, 'opened', json_build_object('id', p_id, 'is_new', true);

  for v_user in
    select distinct x.id
    from unnest(array[p_user, p_other]) as x(id)
    order by x.id
  loop
    v_rev := personal_bump_v1(v_user);
    return query
      insert into memberships as m (conversation_id, user_id, state, feed_rev)
      values (p_id, v_user, 'joined', v_rev)
      returning m.user_id, m.feed_rev, 'membership', to_json(m);
  end loop;
end
$$;
