-- Stores a room's former slug, which still leads to the room, if the room has another slug now.
--
-- Only the 5 that the room left last are kept: renaming again and again would hold any number of slugs.
-- p_was: the room before.
-- Locks: the former slugs. The caller holds the locks of the conversation head and of slugs_lock_v1.
create or replace function slug_leave_v1(p_was conversations)
returns void
language plpgsql volatile as $$
declare
  v_slug text := (select c.slug from conversations c where c.id = p_was.id);
begin
  if v_slug is not distinct from p_was.slug then
    return;
  end if;
  delete from former_slugs f where f.slug = v_slug and f.conversation_id = p_was.id;
  insert into former_slugs (slug, conversation_id, slug_skeleton, left_at)
  values (p_was.slug, p_was.id, p_was.slug_skeleton, clock_timestamp())
  on conflict (slug, conversation_id) do update set left_at = excluded.left_at;
  delete from former_slugs f
  where f.conversation_id = p_was.id and f.left_at < (
    select x.left_at from former_slugs x where x.conversation_id = p_was.id order by x.left_at desc offset 4 limit 1
  );
end
$$;
