-- Increments the revs of the personal feeds of two users and returns both.
--
-- Locks: both personal heads in the order of the users' ids.
create or replace function personal_bump_pair_v1(p_user uuid, p_other uuid)
returns table (rev bigint, other_rev bigint)
language plpgsql volatile as $$
begin
  if p_user < p_other then
    rev := personal_bump_v1(p_user);
    other_rev := personal_bump_v1(p_other);
  else
    other_rev := personal_bump_v1(p_other);
    rev := personal_bump_v1(p_user);
  end if;
  return next;
end
$$;
