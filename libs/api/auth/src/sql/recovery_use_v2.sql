-- Consumes a recovery code. With p_hash, the password becomes this one (argon2id), all sessions end and, unless
-- p_keeps_tokens, the API tokens.
--
-- Returns a row of kind "used" without a rev, whose data has the password_hash, then the changes to publish in the
-- user's personal feed; no row if the code is unknown or used, or its user is deleted.
-- Locks: the user, the recovery code, the sessions, the personal head, the API tokens.
create or replace function recovery_use_v2(p_code bytea, p_hash text, p_keeps_tokens boolean)
returns setof personal_told_v1
language plpgsql volatile as $$
declare
  v_user uuid;
begin
  select c.user_id into v_user
  from recovery_codes c
  where c.code_hash = p_code;
  -- The user before the code, as everywhere: whoever deletes a user deletes the codes after it.
  perform
  from users u
  where u.id = v_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  delete from recovery_codes c
  where c.code_hash = p_code;
  if not found then
    return;
  end if;

  return query
    update users u
    set password_hash = coalesce(p_hash, u.password_hash)
    where u.id = v_user and u.anonymised_at is null
    returning u.id, null::bigint, 'used', json_build_object('password_hash', u.password_hash);
  if found and p_hash is not null then
    return query
      select e.user_id, e.rev, e.kind, e.data
      from credentials_renew_v1(v_user, null, p_keeps_tokens) e;
  end if;
end
$$;
