import { type StoredInstant, boundedTime } from '@cloudhop/api/database';
import { renderRows } from '@cloudhop/api/platform';
import {
  type AvatarColor,
  type Draft,
  type ErrorCode,
  Invitation,
  type Member,
  type MemberState,
  type Membership,
  type NoticeLevel,
  type Role,
} from '@cloudhop/contracts';

/** A row of memberships. */
export interface MembershipRow {
  conversation_id: string;
  user_id: string;
  role: Role;
  state: MemberState;
  muted_until: StoredInstant | null;
  read_seq: number;
  cleared_seq: number;
  archived_seq: number | null;
  pinned_at: StoredInstant | null;
  notices: NoticeLevel | null;
  quiet_until: StoredInstant | null;
  /** Read mark that the others see. */
  shown_seq: number;
  delivered_seq: number;
  invited_by: string | null;
  /** The invitation, as it was created; null once it is answered. */
  invitation:
    | (Omit<Invitation, 'title' | 'color' | 'slug'> & {
        title: string | null;
        color: AvatarColor | null;
        /** Of a room. */
        slug?: string | null;
      })
    | null;
}

/** A row of drafts. */
export interface DraftRow {
  conversation_id: string;
  body: string;
}

/** A row of member_told_v1: a membership that a function wrote, or its refusal. */
export interface WrittenMember {
  /** Refusal. `exists`: nothing differs from before. */
  code: ErrorCode | 'exists' | null;
  is_written: boolean;
  user_id: string;
  /** Of the conversation feed, where the change takes one. */
  rev: number | null;
  /** Rev of the user's personal feed; null if the change is not published there. */
  feed_rev: number | null;
  membership: MembershipRow | null;
}

/** Renders a membership as its user sees it. */
export function toMembership(row: MembershipRow): Membership {
  return {
    conversationId: row.conversation_id,
    role: row.role,
    state: row.state,
    ...(row.muted_until !== null && { mutedUntil: boundedTime(row.muted_until) }),
    readSeq: row.read_seq,
    ...(row.cleared_seq > 0 && { clearedSeq: row.cleared_seq }),
    ...(row.archived_seq !== null && { archivedSeq: row.archived_seq }),
    ...(row.pinned_at !== null && { pinnedAt: boundedTime(row.pinned_at) }),
    ...toNotices(row),
    ...(row.state === 'invited' && row.invitation && { invitation: toInvitation(row.invitation) }),
  };
}

/** Returns the notification level of a membership, and until when it is quiet. */
export function toNotices({ notices, quiet_until }: Pick<MembershipRow, 'notices' | 'quiet_until'>) {
  return {
    // Rows that were never written have neither.
    ...(notices && { notices }),
    ...(quiet_until && { quietUntil: boundedTime(quiet_until) }),
  };
}

function toInvitation({
  title,
  color,
  invitedBy,
  at,
  memberCount,
  slug,
}: NonNullable<MembershipRow['invitation']>): Invitation {
  // The column holds JSON of any shape.
  return Invitation.parse({
    ...(title !== null && { title }),
    ...(color !== null && { color }),
    ...(slug && { slug }),
    invitedBy,
    at: boundedTime(at),
    memberCount,
  });
}

/** Renders memberships as their users see them. */
export function toMemberships(rows: readonly MembershipRow[]): Membership[] {
  return renderRows(
    {
      kind: 'membership',
      keyOf: ({ conversation_id: id, user_id: userId }) => `${id} ${userId}`,
      render: toMembership,
    },
    rows,
  );
}

/** Renders a membership as all readers of the conversation see it. */
export function toMember(
  row: Pick<MembershipRow, 'user_id' | 'role' | 'state' | 'muted_until'> & { invited_by?: string | null },
): Member {
  return {
    userId: row.user_id,
    role: row.role,
    state: row.state,
    ...(row.muted_until !== null && { mutedUntil: boundedTime(row.muted_until) }),
    ...(row.state === 'invited' && row.invited_by && { invitedBy: row.invited_by }),
  };
}

/** Renders memberships as all readers of a conversation see them. */
export function toMembers(rows: readonly MembershipRow[]): Member[] {
  return renderRows(
    { kind: 'membership', keyOf: ({ conversation_id: id, user_id: userId }) => `${id} ${userId}`, render: toMember },
    rows,
  );
}

export const toDraft = (row: DraftRow): Draft => ({ conversationId: row.conversation_id, body: row.body });
