-- Returns what changed in a conversation after a rev, as latest states, ordered by rev.
--
-- One row, or none for an unknown conversation. seq, rev and floor_seq are those of the head, from the same snapshot.
-- changes: [{kind, rev, data}], at most p_limit, and more only where changes share a rev. kind is message, deleted
-- (rows of message_states_v1), member (rows of memberships), settings or floor (rows of conversation_states_v1).
-- users: the authors of messages, the members and the authors of quoted messages.
-- is_reset: no changes are given, because more than p_reset rows changed or p_rev is above the head.
-- has_more: the page does not reach the head. is_private: false for the lobby.
create or replace function conversation_changes_v1(
  p_conversation uuid, p_rev bigint, p_limit integer, p_reset integer
)
returns table (
  seq bigint, rev bigint, floor_seq bigint, is_private boolean, is_reset boolean, has_more boolean,
  changes json, users json
)
language plpgsql stable as $$
#variable_conflict use_column
declare
  v_state conversation_states_v1;
  v_seqs bigint[];
  v_rows integer;
  v_changes json;
  v_users uuid[];
  v_total integer;
begin
  select * into v_state from conversation_states_v1 s where s.id = p_conversation;
  if not found then
    return;
  end if;
  if p_rev = v_state.rev then
    return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, false,
      '[]'::json, '[]'::json;
    return;
  end if;

  select array_agg(distinct x.seq), count(*) into v_seqs, v_rows
  from (
    (
      select m.seq
      from messages m
      where m.conversation_id = p_conversation and m.rev > p_rev and m.seq > v_state.floor_seq
      limit p_reset + 1
    )
    union all
    (
      select r.seq
      from reactions r
      where r.conversation_id = p_conversation and r.rev > p_rev and r.seq > v_state.floor_seq
      limit p_reset + 1
    )
  ) x;
  if p_rev > v_state.rev or v_rows > p_reset then
    return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', true, false,
      '[]'::json, '[]'::json;
    return;
  end if;

  with changed as (
    select case when s.deleted_at is null then 'message' else 'deleted' end as kind, s.rev, to_json(s) as data,
      s.author_id as user_id
    from message_states_v1 s
    where s.conversation_id = p_conversation and s.seq = any (v_seqs)
    union all
    select 'member', m.rev, to_json(m), m.user_id
    from memberships m
    where m.conversation_id = p_conversation and m.rev > p_rev
    union all
    select 'settings', v_state.settings_rev, to_json(v_state), null where v_state.settings_rev > p_rev
    union all
    select 'floor', v_state.floor_rev, to_json(v_state), null where v_state.floor_rev > p_rev
  ), page as (
    select c.kind, c.rev, c.data, c.user_id
    from changed c
    order by c.rev
    fetch first p_limit rows with ties
  )
  select (select count(*) from changed),
    json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev),
    array_agg(distinct p.user_id) || array_agg(distinct (p.data->'quote'->>'authorId')::uuid)
  into v_total, v_changes, v_users
  from page p;
  return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, v_total > p_limit,
    coalesce(v_changes, '[]'), users_json_v1(v_users);
end
$$;
