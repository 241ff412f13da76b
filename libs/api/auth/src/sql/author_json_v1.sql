-- Returns the public profile of a user as JSON.
create or replace function author_json_v1(p_user users)
returns json
language sql immutable as $$
  select json_build_object(
    'id', p_user.id,
    'kind', p_user.kind,
    'display_name', p_user.display_name,
    'tag', p_user.tag,
    'username', p_user.username,
    'profile_rev', p_user.profile_rev,
    'avatar_color', p_user.avatar_color
  )
$$;
