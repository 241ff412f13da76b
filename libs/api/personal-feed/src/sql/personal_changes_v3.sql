-- Returns one page of the changes in a user's personal feed after the rev p_rev.
--
-- Each feature owns a function that returns its own kinds of change; this one calls them by name. It is one row, from
-- one statement, so that the head and the changes are from one snapshot:
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
    select c.kind, c.rev, c.data, c.about from auth_changes_v1(p_user, p_rev) c
    union all
    select c.kind, c.rev, c.data, c.about from membership_changes_v1(p_user, p_rev) c
    union all
    select c.kind, c.rev, c.data, c.about from relation_changes_v1(p_user, p_rev) c
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
