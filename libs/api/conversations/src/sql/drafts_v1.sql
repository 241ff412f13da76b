-- Stores drafts of many users in one call, each at the next rev of its user's personal feed.
--
-- p_drafts: [{c: conversation, u: user, body}]; an empty body clears the draft.
-- Returns one row for each draft, whose kind is draft (data: the row of drafts), exists (nothing changed; rev is the
-- personal head's) or refused (the user is deleted, or may not write in the conversation).
-- Locks: for each draft, by user and conversation: the personal head, the draft.
create or replace function drafts_v1(p_drafts json)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_draft record;
  v_rev bigint;
begin
  for v_draft in
    select o.c, o.u, o.body
    from json_to_recordset(p_drafts) as o(c uuid, u uuid, body text)
    order by o.u, o.c
  loop
    -- Serialises this with everything else that the user does, and with their deletion.
    insert into personal_heads (user_id) values (v_draft.u) on conflict do nothing;
    perform from personal_heads h where h.user_id = v_draft.u for no key update;
    if not user_is_live_v1(v_draft.u) or not exists (
      select
      from conversations c
      left join memberships m on m.conversation_id = c.id and m.user_id = v_draft.u
      where c.id = v_draft.c
        and case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
    ) then
      return query select v_draft.u, null::bigint, 'refused', json_build_object('conversation_id', v_draft.c);
    elsif v_draft.body is not distinct from coalesce(
      (select d.body from drafts d where d.user_id = v_draft.u and d.conversation_id = v_draft.c), ''
    ) then
      return query select v_draft.u,
        coalesce((select h.rev from personal_heads h where h.user_id = v_draft.u), 0),
        'exists', json_build_object('conversation_id', v_draft.c);
    else
      v_rev := personal_bump_v1(v_draft.u);
      return query
        insert into drafts as d (user_id, conversation_id, body, feed_rev)
        values (v_draft.u, v_draft.c, v_draft.body, v_rev)
        on conflict (user_id, conversation_id) do update
        set body = excluded.body, feed_rev = excluded.feed_rev
        returning d.user_id, d.feed_rev, 'draft', to_json(d);
    end if;
  end loop;
end
$$;
