-- Writes the memberships that a verb of group_change_v1 changes, in the order of the users' ids.
--
-- p_other is the other member whose role changes: for hand_over the owner before, for leave the successor of the owner;
-- null if there is none. p_is_friend is true if p_actor and p_user are friends, so that add needs no invitation.
-- Returns one row for each membership.
-- Locks: the personal heads. The caller holds the lock of the conversation's head.
create or replace function group_write_v1(
  p_conversation uuid, p_actor uuid, p_user uuid, p_other uuid, p_verb text, p_is_friend boolean
)
returns setof member_told_v1
language plpgsql volatile as $$
declare
  v_user uuid;
begin
  for v_user in
    select x.id
    from unnest(array[p_user, p_other]) as x(id)
    where x.id is not null
    order by x.id
  loop
    return query
      select w.code, w.is_written, w.user_id, w.rev, w.feed_rev, w.membership
      from member_write_v1(
        p_conversation,
        v_user,
        case
          when p_verb = 'hand_over' and v_user = p_user then 'owner'
          when p_verb = 'leave' and v_user = p_other then 'owner'
          else 'member'
        end,
        case
          when v_user = p_other or p_verb in ('join', 'hand_over') then 'joined'
          when p_verb = 'add' and p_is_friend then 'joined'
          when p_verb = 'add' then 'invited'
          else 'left'
        end,
        case when p_verb = 'add' then p_actor end
      ) w;
  end loop;
end
$$;
