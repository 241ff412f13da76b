-- Returns one page of the changes in a user's personal feed after the rev p_rev.
--
-- It is one row, from one statement, so that the head and the changes are from one snapshot:
--   rev       the head of the feed, 0 for a feed without changes
--   is_reset  p_rev is above the head, so the cursor is from another epoch
--   has_more  more than p_limit changes are above p_rev
--   changes   JSON array of {kind, rev, data} in ascending order of rev, the latest state of each changed row: the
--             first p_limit of them, and those that share the rev of the last one
--   users     public profiles of the people whom the changes concern: friends, blocked users, senders of invitations,
--             partners in direct conversations
create or replace function personal_changes_v3(p_user uuid, p_rev bigint, p_limit integer)
returns table (rev bigint, is_reset boolean, has_more boolean, changes json, users json)
language sql stable as $$
  with head as (
    select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
  ), changed as (
    select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data, null::uuid as about
    from users u
    where u.id = p_user and u.feed_rev > p_rev
    union all
    select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
    from sessions s
    where s.user_id = p_user and s.feed_rev > p_rev
    union all
    select 'membership', m.feed_rev, to_json(m), case
      when m.state = 'invited' then m.invited_by
      when c.direct_low = p_user then c.direct_high
      else c.direct_low
    end
    from memberships m
    join conversations c on c.id = m.conversation_id
    where m.user_id = p_user and m.feed_rev > p_rev
    union all
    select 'friend', f.feed_rev, to_json(f), f.other_id
    from friendships f
    where f.user_id = p_user and f.feed_rev > p_rev
    union all
    select 'block', b.feed_rev, to_json(b), b.other_id
    from blocks b
    where b.user_id = p_user and b.feed_rev > p_rev
    union all
    select 'draft', d.feed_rev, to_json(d), null
    from drafts d
    where d.user_id = p_user and d.feed_rev > p_rev
    union all
    select 'settings', s.feed_rev, to_json(s), null
    from personal_settings s
    where s.user_id = p_user and s.feed_rev > p_rev
  ), page as (
    select c.kind, c.rev, c.data, c.about
    from changed c
    order by c.rev
    fetch first p_limit rows with ties
  )
  select
    h.rev,
    p_rev > h.rev,
    (select count(*) from changed) > p_limit,
    coalesce(
      (select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p),
      '[]'
    ),
    users_json_v1((select array_agg(distinct p.about) from page p where p.about is not null))
  from head h
$$;
