-- Returns why a user may not create a room, or null.
--
-- p_actor_kind: the user's kind, null if the user is gone. p_slug and p_skeleton: the first choice; they are checked
-- only if p_is_chosen. p_guest_per_day and p_member_per_day: how many rooms a guest or a member may create in 24 hours.
-- Codes: session_ended, id_taken, members_only, limit_reached, slug_taken; exists if the user has created this room.
create or replace function room_create_refusal_v1(
  p_actor uuid, p_actor_kind text, p_id uuid, p_visibility text, p_slug text, p_skeleton text, p_is_chosen boolean,
  p_guest_per_day integer, p_member_per_day integer
)
returns text
language sql stable as $$
  select case
    when p_actor_kind is null then 'session_ended'
    when exists (select from conversations c where c.id = p_id) then case
      when exists (
        select from conversations c
        where c.id = p_id and c.created_by = p_actor and c.kind = 'room'
      ) then 'exists'
      else 'id_taken'
    end
    when p_actor_kind = 'guest' and (p_visibility <> 'public' or p_guest_per_day = 0) then 'members_only'
    when (
      select count(*)
      from conversations c
      where c.created_by = p_actor and c.kind = 'room' and c.created_at > now() - interval '1 day'
    ) >= case p_actor_kind when 'guest' then p_guest_per_day else p_member_per_day end then 'limit_reached'
    when p_is_chosen and slug_is_taken_v1(p_slug, p_skeleton, p_id) then 'slug_taken'
  end
$$;
