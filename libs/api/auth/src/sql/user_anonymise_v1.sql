-- Removes everything personal from a user row and marks the user as deleted. Frees the tag and the username.
--
-- Returns the change to publish in the user's personal feed, at p_rev.
-- The caller holds the lock of the user.
create or replace function user_anonymise_v1(p_user uuid, p_rev bigint)
returns personal_told_v1
language sql volatile as $$
  update users u
  set
    display_name = null,
    tag = null,
    username = null,
    username_key = null,
    username_skeleton = null,
    password_hash = null,
    avatar_color = null,
    address_key = null,
    anonymised_at = clock_timestamp(),
    profile_rev = u.profile_rev + 1,
    feed_rev = p_rev
  where u.id = p_user
  returning u.id, u.feed_rev, 'user', author_json_v1(u)
$$;
