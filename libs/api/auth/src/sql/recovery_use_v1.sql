-- Consumes a recovery code. With p_hash, the password becomes this one (argon2id).
-- Called by the release before only; see recovery_use_v2.
--
-- Returns one row with the user and their password hash; no row if the code is unknown or used, or its user is gone.
-- Locks: the recovery code, the user.
create or replace function recovery_use_v1(p_code bytea, p_hash text)
returns table (user_id uuid, password_hash text)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_user uuid;
begin
  delete from recovery_codes c
  where c.code_hash = p_code
  returning c.user_id into v_user;
  if not found then
    return;
  end if;

  return query
    update users u
    set password_hash = coalesce(p_hash, u.password_hash)
    where u.id = v_user and u.anonymised_at is null
    returning u.id, u.password_hash;
end
$$;
