-- Returns the user's own memberships and drafts that changed in a user's personal feed after the rev p_rev.
--
-- A part of personal_changes_v3. Each row: kind, rev, data (the latest state), about (the user it concerns, or null).
create or replace function membership_changes_v1(p_user uuid, p_rev bigint)
returns table (kind text, rev bigint, data json, about uuid)
language sql stable as $$
  select 'membership', m.feed_rev, to_json(m), case
    when m.state = 'invited' then m.invited_by
    when c.direct_low = p_user then c.direct_high
    else c.direct_low
  end
  from memberships m
  join conversations c on c.id = m.conversation_id
  where m.user_id = p_user and m.feed_rev > p_rev
  union all
  select 'draft', d.feed_rev, to_json(d), null
  from drafts d
  where d.user_id = p_user and d.feed_rev > p_rev
$$;
