-- Turns a guest into a member. The user keeps the row and the id, and so everything attached to them.
-- Called by the release before only; see user_register_v2.
--
-- p_key is the normalised username, p_skeleton its UTS #39 skeleton; both are unique. p_hash is the password hash.
-- Returns one row with a verdict and the user as they are now; no row if the user is deleted. Verdicts:
--   registered  done; rev is that of the user's personal feed
--   taken       another user has this username or a look-alike; nothing has changed, rev is null
--   member      the user is not a guest; nothing has changed, rev is null
-- Locks: the user, the personal head.
create or replace function user_register_v1(p_user uuid, p_username text, p_key text, p_skeleton text, p_hash text)
returns table (
  verdict text, rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer
)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_kind text;
  v_rev bigint;
  v_verdict text := 'registered';
begin
  select u.kind into v_kind
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;

  if v_kind <> 'guest' then
    v_verdict := 'member';
  else
    -- The exception rolls this block back, the rev included.
    begin
      v_rev := personal_bump_v1(p_user);
      update users u
      set
        kind = 'member',
        username = p_username,
        username_key = p_key,
        username_skeleton = p_skeleton,
        password_hash = p_hash,
        tag = null,
        profile_rev = u.profile_rev + 1,
        feed_rev = v_rev
      where u.id = p_user;
    exception when unique_violation then
      v_verdict := 'taken';
      v_rev := null;
    end;
  end if;

  return query
    select v_verdict, v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
    from users u
    where u.id = p_user;
end
$$;
