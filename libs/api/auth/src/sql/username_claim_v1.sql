-- Claims the looks of a username for a user who is about to register with it.
--
-- Returns false, with nothing written, if the name is taken by username_is_taken_v1. Otherwise releases the looks of an
-- earlier claim of the user; not those of a member, whom a concurrent request has registered.
-- Locks: an advisory lock for each look in their order, then the looks.
create or replace function username_claim_v1(p_user uuid, p_looks text[])
returns boolean
language plpgsql volatile as $$
declare
  v_look text;
begin
  for v_look in
    select distinct x.look collate "C" from unnest(p_looks) as x(look) order by 1
  loop
    perform pg_advisory_xact_lock(hashtextextended(v_look, 1800000012001));
  end loop;

  if username_is_taken_v1(p_user, p_looks) then
    return false;
  end if;
  delete from username_looks l
  where l.user_id = p_user
    and l.look <> all (p_looks)
    and exists (select from users u where u.id = p_user and u.username is null);
  insert into username_looks (look, user_id)
  select distinct x.look, p_user from unnest(p_looks) as x(look) where user_is_live_v1(p_user)
  on conflict (look, user_id) do update set claimed_at = clock_timestamp();
  return true;
end
$$;
