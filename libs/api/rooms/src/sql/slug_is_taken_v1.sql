-- Returns true if a slug, or one that looks like it, belongs to another room that people can find.
--
-- A former slug belongs to its room too. Private rooms don't count. p_skeleton: the slug's UTS #39 skeleton.
-- p_except: the room that wants the slug.
create or replace function slug_is_taken_v1(p_slug text, p_skeleton text, p_except uuid)
returns boolean
language sql stable as $$
  select exists (
      select from conversations c
      where c.slug = p_slug and c.visibility is distinct from 'private' and c.id <> p_except
    )
    or exists (
      select from conversations c
      where c.slug_skeleton = p_skeleton and c.visibility is distinct from 'private' and c.id <> p_except
    )
    or exists (
      select from former_slugs f
      join conversations c on c.id = f.conversation_id
      where (f.slug = p_slug or f.slug_skeleton = p_skeleton)
        and c.visibility is distinct from 'private' and c.id <> p_except
    )
$$;
