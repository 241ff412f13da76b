-- Moves the read marks of many users in one call. They never move backwards.
--
-- p_marks: [{c: conversation, u: user, seq: read up to, got: delivered up to}]; seq or got may be absent. Of several
-- marks for one user and conversation, the highest count.
-- Returns rows of kind membership, to publish on the personal feeds; rows of kind mark, to show to the other members
-- (only of users who send read receipts); and rows of kind refused, with {conversation_id, code}, for marks that can't
-- move. A mark that changes nothing gives no row.
-- Locks: for each mark, by user and conversation: the personal head, the membership. Never the conversation head.
-- Codes: those of read_mark_refusal_v1.
create or replace function read_marks_v3(p_marks json)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_mark record;
  v_kind text;
  v_head bigint;
  v_was memberships;
  v_now memberships;
  v_code text;
  v_rev bigint;
begin
  for v_mark in
    select o.c, o.u, max(o.seq) as seq, max(o.got) as got
    from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint, got bigint)
    group by o.c, o.u
    order by o.u, o.c
  loop
    -- Serialises this with everything else that the user does.
    perform from personal_heads h where h.user_id = v_mark.u for no key update;
    select c.kind, h.seq into v_kind, v_head
    from conversations c
    join conversation_heads h on h.conversation_id = c.id
    where c.id = v_mark.c;
    select * into v_was from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u;

    v_code := read_mark_refusal_v1(v_kind, v_head, v_was, v_mark.seq, v_mark.got);
    if v_code is not null then
      return query select v_mark.u, null::bigint, 'refused',
        json_build_object('conversation_id', v_mark.c, 'code', v_code);
      continue;
    end if;
    -- The lobby's mark stays on the device.
    continue when v_kind = 'lobby';

    v_now := v_was;
    v_now.read_seq := greatest(v_was.read_seq, v_mark.seq);
    if v_kind in ('direct', 'group') and coalesce(
      (select s.sends_receipts and not s.appears_offline from personal_settings s where s.user_id = v_mark.u), true
    ) then
      v_now.shown_seq := greatest(v_was.shown_seq, v_mark.seq);
      v_now.delivered_seq := greatest(v_was.delivered_seq, v_mark.got, v_now.shown_seq);
    end if;
    continue when v_now is not distinct from v_was;

    v_rev := case when v_now.read_seq > v_was.read_seq then personal_bump_v1(v_mark.u) end;
    update memberships m
    set read_seq = v_now.read_seq, shown_seq = v_now.shown_seq, delivered_seq = v_now.delivered_seq,
      feed_rev = coalesce(v_rev, m.feed_rev)
    where m.conversation_id = v_mark.c and m.user_id = v_mark.u
    returning m.* into v_now;
    if v_rev is not null then
      return query select v_mark.u, v_rev, 'membership', to_json(v_now);
    end if;
    if v_now.shown_seq > v_was.shown_seq or v_now.delivered_seq > v_was.delivered_seq then
      return query select v_mark.u, null::bigint, 'mark', to_json(v_now);
    end if;
  end loop;
end
$$;
