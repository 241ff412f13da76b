-- Deletes a user. The row stays, anonymised, because messages refer to it; everything else of the user is removed.
--
-- p_reason is the reason that the user's sessions end with.
-- Returns the changes to publish in personal feeds: profile and ended sessions in the user's own, the end of the
-- friendship or request in that of everybody who had one with the user; no row if the user is deleted already.
-- Locks: the user, the user's sessions, the personal heads of the user and of these people in the order of their ids,
-- then the rows that are removed, and the memberships whose notification settings are cleared.
create or replace function user_forget_v1(p_user uuid, p_reason text)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_id uuid;
  v_rev bigint;
begin
  perform
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  -- Before any personal head, as in session_end_v1.
  perform
  from sessions s
  where s.user_id = p_user and s.ended_at is null
  for no key update;

  for v_id in
    select x.id
    from (
      select p_user as id
      union all
      select f.other_id
      from friendships f
      where f.user_id = p_user and f.state <> 'none'
    ) x
    order by x.id
  loop
    v_rev := personal_bump_v1(v_id);
    if v_id = p_user then
      return query
        select a.user_id, a.rev, a.kind, a.data
        from user_anonymise_v1(p_user, v_rev) a;
      return query
        select e.user_id, e.rev, e.kind, e.data
        from user_sessions_end_v1(p_user, p_reason) e;
    else
      return query
        select w.user_id, w.rev, w.kind, w.data
        from friend_write_v1(v_id, p_user, 'none', null, v_rev, false) w;
    end if;
  end loop;

  delete from friendships f where f.user_id = p_user;
  delete from blocks b where b.user_id = p_user;
  delete from drafts d where d.user_id = p_user;
  delete from personal_settings s where s.user_id = p_user;
  delete from recovery_codes c where c.user_id = p_user;
  delete from former_names n where n.user_id = p_user;
  delete from username_looks l where l.user_id = p_user;
  delete from last_seen l where l.user_id = p_user;
  update memberships m
  set notices = null, quiet_until = null
  where m.user_id = p_user and (m.notices is not null or m.quiet_until is not null);
end
$$;
