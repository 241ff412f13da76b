-- Blocks a user, mutes them, or ends either. p_level is blocked, muted or none.
--
-- A block also ends a friendship or an open request, and revokes the right to answer in the direct conversation.
-- p_blocks is the maximum of users that p_user blocks or mutes.
-- Returns the changes to publish in personal feeds: one of kind block, and two of kind friend if a friendship or
-- request ends. Otherwise returns one row for p_user without a rev:
--   exists   the level is p_level already; data is {other_id, level}
--   refused  data is the error code: session_ended (p_user is deleted), not_found (p_other is p_user or unknown),
--            limit_reached
-- Locks: as lock_pair_v1; the personal heads in the order of the users' ids (that of p_other only if a friendship or
-- request ends); the block; both rows of the friendship; for a block both direct memberships.
create or replace function block_change_v1(p_user uuid, p_other uuid, p_level text, p_blocks integer)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_level text;
  v_code text;
  v_ends boolean;
  v_rev bigint;
  v_other_rev bigint;
begin
  perform lock_pair_v1(p_user, p_other);

  v_level := coalesce((select b.level from blocks b where b.user_id = p_user and b.other_id = p_other), 'none');
  v_code := case
    when not user_is_live_v1(p_user) then 'session_ended'
    when p_user = p_other or not exists (select from users u where u.id = p_other) then 'not_found'
    when p_level <> 'none'
      and v_level = 'none'
      and (select count(*) from blocks b where b.user_id = p_user and b.level <> 'none') >= p_blocks
      then 'limit_reached'
  end;
  if v_code is not null then
    return query select p_user, null::bigint, 'refused', to_json(v_code);
    return;
  end if;
  if v_level = p_level then
    return query select p_user, null::bigint, 'exists', json_build_object('other_id', p_other, 'level', p_level);
    return;
  end if;

  v_ends := p_level = 'blocked' and exists (
    select
    from friendships f
    where f.user_id = p_user and f.other_id = p_other and f.state <> 'none'
  );
  if v_ends then
    select b.rev, b.other_rev into v_rev, v_other_rev
    from personal_bump_pair_v1(p_user, p_other) b;
  else
    v_rev := personal_bump_v1(p_user);
  end if;
  return query
    select w.user_id, w.rev, w.kind, w.data
    from block_write_v1(p_user, p_other, p_level, v_rev) w;

  if v_ends then
    -- This is a second change in the feed of p_user, and every change has a rev of its own.
    return query
      select w.user_id, w.rev, w.kind, w.data
      from friend_write_v1(p_user, p_other, 'none', null, personal_bump_v1(p_user), false) w;
    return query
      select w.user_id, w.rev, w.kind, w.data
      from friend_write_v1(p_other, p_user, 'none', null, v_other_rev, false) w;
  end if;
  if p_level = 'blocked' then
    perform direct_replies_revoke_v1(p_user, p_other);
  end if;
end
$$;
