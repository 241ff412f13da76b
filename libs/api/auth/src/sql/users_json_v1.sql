-- Returns the public profiles of the given users as a JSON array in no particular order; [] if there are none.
--
-- Includes deleted users, anonymised. Leaves out unknown ids.
create or replace function users_json_v1(p_ids uuid[])
returns json
language sql stable as $$
  select coalesce(json_agg(author_json_v1(u)), '[]')
  from users u
  where u.id = any (p_ids)
$$;
