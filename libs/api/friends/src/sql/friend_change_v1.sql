-- Changes the friendship of two users. p_verb is request, accept, decline, withdraw or remove.
--
-- p_note goes with a request. p_open and p_friends limit requests and friends, see friend_refusal_v1. p_declined_ms is
-- how many milliseconds p_user must wait after p_other has declined, before a new request.
-- The end of a friendship also revokes the right to answer in the direct conversation.
-- Returns the changes to publish in personal feeds: two of kind friend, that of p_user first. Otherwise returns one row
-- for p_user without a rev:
--   exists   the verb changes nothing; data is the friendship
--   refused  data is an error code of friend_refusal_v1
-- Locks: as lock_pair_v1; both personal heads in the order of the users' ids; both rows of the friendship; for remove
-- both direct memberships.
create or replace function friend_change_v1(
  p_user uuid, p_other uuid, p_verb text, p_note text, p_open integer, p_friends integer, p_declined_ms bigint
)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_mine friendships;
  v_theirs friendships;
  v_state text;
  v_next text;
  v_code text;
  v_rev bigint;
  v_other_rev bigint;
begin
  perform lock_pair_v1(p_user, p_other);

  -- The snapshot of each statement from here on is newer than the locks.
  select * into v_mine
  from friendships f
  where f.user_id = p_user and f.other_id = p_other;
  select * into v_theirs
  from friendships f
  where f.user_id = p_other and f.other_id = p_user;
  v_state := coalesce(v_mine.state, 'none');
  v_next := friend_next_state_v1(p_verb, v_state);
  v_code := friend_refusal_v1(
    p_user, p_other, p_verb, v_state, v_next,
    v_theirs.declined_at > clock_timestamp() - p_declined_ms * interval '1 millisecond', p_open, p_friends
  );
  if v_code is not null then
    return query select p_user, null::bigint, 'refused', to_json(v_code);
    return;
  end if;
  if v_next is null then
    if v_mine.user_id is null then
      v_mine := row(p_user, p_other, 'none', null, clock_timestamp(), null, 0)::friendships;
    end if;
    return query select p_user, null::bigint, 'exists', to_json(v_mine);
    return;
  end if;

  select b.rev, b.other_rev into v_rev, v_other_rev
  from personal_bump_pair_v1(p_user, p_other) b;
  return query
    select w.user_id, w.rev, w.kind, w.data
    from friend_write_v1(
      p_user, p_other, v_next, case when v_next = 'sent' then p_note end, v_rev, p_verb = 'decline'
    ) w;
  return query
    select w.user_id, w.rev, w.kind, w.data
    from friend_write_v1(
      p_other, p_user, case when v_next = 'sent' then 'received' else v_next end,
      case when v_next = 'sent' then p_note end, v_other_rev, false
    ) w;
  if p_verb = 'remove' then
    perform direct_replies_revoke_v1(p_user, p_other);
  end if;
end
$$;
