-- Returns the error code with which a conversation refuses a write, or null.
-- p_kind: send | edit | delete | react | pin. p_member is null without a membership row.
-- Codes: those of refusal_v1, room_refusal_v1 and direct_refusal_v1, in this order.
-- Kept free of subqueries, so that it is inlined into the commit.
create or replace function write_refusal_v1(
  p_kind text, p_conversation conversations, p_member memberships, p_author users, p_now timestamptz
)
returns text
language sql stable as $$
  select coalesce(
    refusal_v1(p_conversation.kind, p_member.state, p_member.muted_until, p_kind <> 'delete', p_now),
    room_refusal_v1(
      p_kind, p_conversation.archived_at, p_conversation.is_announcement, p_conversation.guest_access, p_member.role,
      p_author.kind
    ),
    case when p_conversation.kind = 'direct' and p_kind <> 'delete' then direct_refusal_v1(
      p_author.id,
      case when p_conversation.direct_low = p_author.id
        then p_conversation.direct_high
        else p_conversation.direct_low
      end
    ) end
  )
$$;
