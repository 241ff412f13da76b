-- Returns true if the user exists and isn't deleted.
--
-- A caller that writes for the user, and must not do so after the deletion, holds the lock of the user or of their
-- personal head, and calls this in a later statement.
create or replace function user_is_live_v1(p_user uuid)
returns boolean
language sql stable as $$
  select exists (select from users u where u.id = p_user and u.anonymised_at is null)
$$;
