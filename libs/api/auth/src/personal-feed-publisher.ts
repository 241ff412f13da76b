import {
  type AvatarColor,
  type Block,
  type Draft,
  type ErrorCode,
  type Friend,
  type FriendState,
  Invitation,
  type MemberState,
  type Membership,
  type NoticeLevel,
  type PersonalChange,
  type PersonalSettings,
  type Role,
  type User,
} from '@cloudhop/contracts';
import { DomainError, renderRows } from '@cloudhop/api/platform';
import { FeedHub, personalFeed } from '@cloudhop/api/realtime';
import { Inject, Injectable } from '@nestjs/common';
import { type StoredInstant, boundedTime } from '@cloudhop/api/database';
import { toUser, type UserRow } from './user-mapping';

/** One change as personal_changes_v3 gives it. */
export interface ChangeRow {
  kind: string;
  rev: number;
  data: unknown;
}

/** A row of personal_told_v1: one change that a function made in somebody's personal feed, or why it made none. */
export interface PersonalFeedRow {
  user_id: string;
  /** Absent where nothing was written. */
  rev: number | null;
  kind: string;
  data: unknown;
}

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
  /** What others may know was read. */
  shown_seq: number;
  delivered_seq: number;
  invited_by: string | null;
  /** While it is one; as it was when it was made. */
  invitation:
    | (Omit<Invitation, 'title' | 'color' | 'slug'> & {
        title: string | null;
        color: AvatarColor | null;
        /** Of a room. */
        slug?: string | null;
      })
    | null;
}

export interface FriendRow {
  other_id: string;
  state: FriendState;
  note: string | null;
  at: StoredInstant;
}

export interface BlockRow {
  other_id: string;
  level: Block['level'];
}

export interface DraftRow {
  conversation_id: string;
  body: string;
}

export interface SettingsRow {
  who_may_message: PersonalSettings['whoMayMessage'];
  accepts_requests: boolean;
  appears_offline: boolean;
  shows_last_seen: boolean;
  sends_receipts: boolean;
}

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
    // What was never written has neither.
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
  // The row holds JSON, which no column's type vouches for.
  return Invitation.parse({
    ...(title !== null && { title }),
    ...(color !== null && { color }),
    ...(slug && { slug }),
    invitedBy,
    at: boundedTime(at),
    memberCount,
  });
}

export function toFriend(row: FriendRow): Friend {
  return {
    userId: row.other_id,
    state: row.state,
    ...(row.note !== null && { note: row.note }),
    at: boundedTime(row.at),
  };
}

/** Renders the friends and requests of a user. */
export function toFriends(userId: string, rows: readonly FriendRow[]): Friend[] {
  return renderRows({ kind: 'friend', keyOf: ({ other_id: id }) => `${userId} ${id}`, render: toFriend }, rows);
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

export const toBlock = (row: BlockRow): Block => ({ userId: row.other_id, level: row.level });

export const toDraft = (row: DraftRow): Draft => ({ conversationId: row.conversation_id, body: row.body });

export const toPersonalSettings = (row: SettingsRow): PersonalSettings => ({
  whoMayMessage: row.who_may_message,
  acceptsRequests: row.accepts_requests,
  appearsOffline: row.appears_offline,
  showsLastSeen: row.shows_last_seen,
  sendsReceipts: row.sends_receipts,
});

export function toPersonalChange({ kind, rev, data }: ChangeRow): PersonalChange {
  switch (kind) {
    case 'user':
      return { kind, rev, user: toUser(data as UserRow) };
    case 'session': {
      const session = data as { id: string; ended_at: string | null };
      return { kind, rev, sessionId: session.id, state: session.ended_at === null ? 'active' : 'ended' };
    }
    case 'membership':
      return { kind, rev, membership: toMembership(data as MembershipRow) };
    case 'friend':
      return { kind, rev, friend: toFriend(data as FriendRow) };
    case 'block':
      return { kind, rev, block: toBlock(data as BlockRow) };
    case 'draft':
      return { kind, rev, draft: toDraft(data as DraftRow) };
    case 'settings':
      return { kind, rev, settings: toPersonalSettings(data as SettingsRow) };
    default:
      throw new Error(`no personal feed has a change of kind ${kind}`);
  }
}

/** Renders changes of a personal feed. Leaves out one that can't be rendered: the next rev passes it. */
export function toPersonalChanges(userId: string, rows: readonly ChangeRow[]): PersonalChange[] {
  return renderRows(
    { kind: 'personal_change', keyOf: ({ kind, rev }) => `${userId} ${kind} ${rev}`, render: toPersonalChange },
    rows,
  );
}

/** Publisher of the changes that the database's functions wrote into personal feeds. */
@Injectable()
export class PersonalFeedPublisher {
  constructor(@Inject(FeedHub) private readonly feeds: FeedHub) {}

  /** Publishes each change in its feed, with the `users` that it refers to. Throws the refusal if the function refused. */
  publish(rows: readonly PersonalFeedRow[], users: readonly User[] = []): void {
    const refused = rows.find(({ kind }) => kind === 'refused');
    if (refused) throw new DomainError(refused.data as ErrorCode);
    for (const { user_id: userId, rev, kind, data } of rows) {
      if (rev === null || kind === 'exists' || kind === 'opened') continue;
      const changes = toPersonalChanges(userId, [{ kind, rev, data }]);
      this.feeds.publish({ feed: personalFeed(userId), fromRev: rev - 1, toRev: rev, changes, users });
    }
  }
}
