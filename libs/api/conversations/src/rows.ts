import { type UserRow, toUser } from '@cloudhop/api/auth';
import type { FeedHead } from '@cloudhop/api/core';
import {
  type Conversation,
  type ConversationChange,
  type ConversationKind,
  type ConversationSettings,
  type Member,
  type MemberState,
  type Membership,
  type Message,
  type PersonalChange,
  type Reaction,
  type Role,
  type User,
  compareEmoji,
} from '@cloudhop/contracts';

/** A time as Postgres gives it: a Date in a column, text inside JSON. */
type Moment = Date | string;

/** A row of message_states_v1. */
export interface MessageRow {
  conversation_id: string;
  seq: number;
  id: string;
  author_id: string;
  rev: number;
  body: string;
  created_at: Moment;
  edited_at: Moment | null;
  deleted_at: Moment | null;
  reactions: Reaction[] | null;
}

/** A row of conversation_states_v1. */
export interface ConversationRow {
  id: string;
  kind: ConversationKind;
  title: string | null;
  slug: string | null;
  slow_mode_ms: number;
  retention_ms: number | null;
  seq: number;
  rev: number;
  floor_seq: number;
  last_at: Moment | null;
}

/** The asker's membership beside a conversation; all null where there is no row. */
export interface AccessRow {
  role: Role | null;
  state: MemberState | null;
  muted_until: Moment | null;
  read_seq: number | null;
}

export interface MembershipRow {
  conversation_id: string;
  user_id: string;
  role: Role;
  state: MemberState;
  muted_until: Moment | null;
  read_seq: number;
}

/** One change as conversation_changes_v1 and personal_changes_v1 give it. */
export interface ChangeRow {
  kind: string;
  rev: number;
  data: unknown;
}

const time = (moment: Moment): string => new Date(moment).toISOString();

export function toMessage(row: MessageRow): Message {
  return {
    conversationId: row.conversation_id,
    id: row.id,
    seq: row.seq,
    rev: row.rev,
    authorId: row.author_id,
    body: row.body,
    createdAt: time(row.created_at),
    ...(row.edited_at !== null && { editedAt: time(row.edited_at) }),
    ...(row.deleted_at !== null && { deletedAt: time(row.deleted_at) }),
    reactions: (row.reactions ?? []).sort((a, b) => compareEmoji(a.emoji, b.emoji)),
    attachments: [],
  };
}

export function toSettings(row: ConversationRow): ConversationSettings {
  return {
    ...(row.title !== null && { title: row.title }),
    ...(row.slug !== null && { slug: row.slug }),
    slowModeMs: row.slow_mode_ms,
    ...(row.retention_ms !== null && { retentionMs: Number(row.retention_ms) }),
  };
}

export function toConversation(row: ConversationRow & AccessRow): Conversation {
  return {
    id: row.id,
    kind: row.kind,
    ...toSettings(row),
    seq: row.seq,
    rev: row.rev,
    floorSeq: row.floor_seq,
    ...(row.last_at !== null && { lastAt: time(row.last_at) }),
    // The lobby's mark stays on the device.
    ...(row.kind !== 'lobby' && { readSeq: row.read_seq ?? 0 }),
    role: row.role ?? 'member',
    ...(row.muted_until !== null && { mutedUntil: time(row.muted_until) }),
  };
}

export function toMember(row: Pick<MembershipRow, 'user_id' | 'role' | 'state' | 'muted_until'>): Member {
  return {
    userId: row.user_id,
    role: row.role,
    state: row.state,
    ...(row.muted_until !== null && { mutedUntil: time(row.muted_until) }),
  };
}

export function toMembership(row: Omit<MembershipRow, 'user_id'>): Membership {
  return {
    conversationId: row.conversation_id,
    role: row.role,
    state: row.state,
    ...(row.muted_until !== null && { mutedUntil: time(row.muted_until) }),
    readSeq: row.read_seq,
  };
}

export function toConversationChange({ kind, rev, data }: ChangeRow): ConversationChange {
  switch (kind) {
    case 'message':
    case 'deleted':
      return { kind, rev, message: toMessage(data as MessageRow) };
    case 'member':
      return { kind, rev, member: toMember(data as MembershipRow) };
    case 'settings':
      return { kind, rev, settings: toSettings(data as ConversationRow) };
    case 'floor':
      return { kind, rev, floorSeq: (data as ConversationRow).floor_seq };
    default:
      throw new Error(`conversation_changes_v1 answered a change of kind ${kind}`);
  }
}

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
    default:
      throw new Error(`personal_changes_v1 answered a change of kind ${kind}`);
  }
}

export function toUsers(rows: readonly UserRow[]): User[] {
  return rows.map(toUser);
}

export function toHead(row: Pick<ConversationRow, 'kind' | 'rev' | 'seq' | 'floor_seq'>): FeedHead {
  return { rev: row.rev, seq: row.seq, floorSeq: row.floor_seq, isPrivate: row.kind !== 'lobby' };
}
