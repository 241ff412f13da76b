-- Changes the title, the colour, or both, of a group. Null leaves the one or the other as it is.
--
-- Returns one row: a null code and the rev of the conversation, which is null if nothing changes; or the error code.
-- Codes: session_ended (p_actor is deleted), not_found (no such group, or p_actor is no member), forbidden (p_actor is
-- not the owner).
-- Locks: the conversation's head.
create or replace function group_settings_v1(p_conversation uuid, p_actor uuid, p_title text, p_color text)
returns table (code text, rev bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_was conversations;
  v_actor memberships;
  v_rev bigint;
begin
  perform
  from conversation_heads h
  where h.conversation_id = p_conversation
  for no key update;

  select * into v_was
  from conversations c
  where c.id = p_conversation;
  select * into v_actor
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_actor;

  if not user_is_live_v1(p_actor) then
    return query select 'session_ended', null::bigint;
  elsif v_was.kind is distinct from 'group' or v_actor.state is distinct from 'joined' then
    return query select 'not_found', null::bigint;
  elsif v_actor.role <> 'owner' then
    return query select 'forbidden', null::bigint;
  elsif coalesce(p_title, v_was.title) is distinct from v_was.title
    or coalesce(p_color, v_was.color) is distinct from v_was.color
  then
    update conversation_heads h
    set rev = h.rev + 1
    where h.conversation_id = p_conversation
    returning h.rev into v_rev;
    update conversations c
    set title = coalesce(p_title, c.title), color = coalesce(p_color, c.color), settings_rev = v_rev
    where c.id = p_conversation;
    return query select null, v_rev;
  else
    return query select null, null::bigint;
  end if;
end
$$;
