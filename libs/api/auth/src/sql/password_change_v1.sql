-- Replaces a user's password hash p_before by p_after, and ends all sessions but p_kept and, unless p_keeps_tokens, the
-- API tokens.
--
-- Returns the changes to publish in the user's personal feed after a row of kind "changed" without a rev; no row if
-- the user is deleted or the hash is another by now.
-- Locks: the user, the sessions, the personal head, the API tokens.
create or replace function password_change_v1(
  p_user uuid, p_before text, p_after text, p_kept uuid, p_keeps_tokens boolean
)
returns setof personal_told_v1
language plpgsql volatile as $$
begin
  update users u
  set password_hash = p_after
  where u.id = p_user and u.password_hash = p_before and u.anonymised_at is null;
  if not found then
    return;
  end if;
  return query select p_user, null::bigint, 'changed', null::json;
  return query
    select e.user_id, e.rev, e.kind, e.data
    from credentials_renew_v1(p_user, p_kept, p_keeps_tokens) e;
end
$$;
