-- Returns why a room's settings forbid a member to write, or null: the only place of this rule.
--
-- Only rooms have these settings: any other conversation gets null.
-- p_kind: the operation (send, edit, delete, react, pin). p_guests: what guests may do (write, read, none).
-- p_role: the member's role, null without a membership. p_user_kind: the member's kind.
-- Codes: archived, members_only, moderators_only.
create or replace function room_refusal_v1(
  p_kind text, p_archived_at timestamptz, p_is_announcement boolean, p_guests text, p_role text, p_user_kind text
)
returns text
language sql immutable as $$
  select case
    when p_archived_at is not null then 'archived'
    when p_kind = 'delete' or coalesce(p_role, 'member') <> 'member' then null
    when p_guests <> 'write' and p_user_kind = 'guest' then 'members_only'
    when p_is_announcement and p_kind <> 'react' then 'moderators_only'
  end
$$;
