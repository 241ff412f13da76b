-- Takes a rev for a session that replaced another, when its first token was presented: from then on the replaced
-- session is worth nothing, and every node looks again whose sockets may stay.
--
-- Returns one row with the user and the rev of their personal feed; no row if the session has ended or replaced none.
-- Locks: the session, the personal head.
create or replace function session_confirm_v1(p_session uuid)
returns table (user_id uuid, rev bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_user uuid;
  v_rev bigint;
begin
  select s.user_id into v_user
  from sessions s
  where
    s.id = p_session
    and s.ended_at is null
    and exists (select from sessions o where o.user_id = s.user_id and o.replaced_by = s.id)
  for no key update;
  if not found then
    return;
  end if;

  v_rev := personal_bump_v1(v_user);
  update sessions s
  set feed_rev = v_rev
  where s.id = p_session;
  return query select v_user, v_rev;
end
$$;
