-- Returns true if a username that looks like one of p_looks belongs to somebody else, or is about to.
--
-- p_user: the user who wants the name, null for a new one. Looks of a guest are claims, of somebody who is registering.
-- They count for a minute, so that a failed request doesn't reserve the name.
create or replace function username_is_taken_v1(p_user uuid, p_looks text[])
returns boolean
language sql stable as $$
  select exists (
      select
      from username_looks l
      join users u on u.id = l.user_id
      where l.look = any (p_looks)
        and l.user_id is distinct from p_user
        and (u.username is not null or l.claimed_at > clock_timestamp() - interval '1 minute')
    )
    -- Of names whose looks aren't filled in yet.
    or exists (
      select from users u where u.username_skeleton = any (p_looks) and u.id is distinct from p_user
    )
$$;
