import { type UserRow, toUser } from '@cloudhop/api/auth';
import { type StoredInstant, boundedTime, time } from '@cloudhop/api/database';
import type { ChangeRow } from '@cloudhop/api/personal-feed';
import { type RowRenderer, renderRow, renderRows } from '@cloudhop/api/platform';
import type { FeedHead } from '@cloudhop/api/realtime';
import {
  type Conversation,
  type ConversationChange,
  type ConversationKind,
  type ConversationSettings,
  type AvatarColor,
  type ErrorCode,
  type GuestAccess,
  type LastMessage,
  LinkPreview,
  type MemberState,
  type NoticeLevel,
  type Message,
  type Quote,
  type Reaction,
  type Role,
  type Visibility,
  compareEmoji,
  isMentioned,
} from '@cloudhop/contracts';
import { type MembershipRow, toMember, toNotices } from './membership-rows';

/** A row of message_states_v1. */
export interface MessageRow {
  conversation_id: string;
  seq: number;
  id: string;
  author_id: string;
  rev: number;
  body: string;
  created_at: StoredInstant;
  edited_at: StoredInstant | null;
  deleted_at: StoredInstant | null;
  /** Absent in what a server of the version before wrote. */
  pinned_at?: StoredInstant | null;
  reply_to?: string | null;
  quote?: QuoteRow | null;
  is_forwarded?: boolean;
  preview?: LinkPreview | null;
  /** Absent in what a server of the version before wrote. */
  mention_keys?: string[] | null;
  reactions: Reaction[] | null;
}

/** Result of quote_v1. */
export type QuoteRow = Omit<Quote, 'isDeleted'> & { isDeleted: boolean };

/** A row of conversation_states_v1. */
export interface ConversationRow {
  id: string;
  kind: ConversationKind;
  title: string | null;
  slug: string | null;
  slow_mode_ms: number;
  retention_ms: number | null;
  /** The rev at which a setting last changed, and that at which the floor rose. */
  settings_rev: number;
  floor_rev: number;
  seq: number;
  rev: number;
  floor_seq: number;
  last_at: StoredInstant | null;
  direct_low: string | null;
  direct_high: string | null;
  color: AvatarColor | null;
  topic: string | null;
  visibility: Visibility | null;
  guest_access: GuestAccess | null;
  is_announcement: boolean;
  archived_at: StoredInstant | null;
  member_count: number;
}

/** Result of last_message_v1. */
export interface LastMessageRow {
  seq: number;
  author_id: string;
  body: string;
  created_at: StoredInstant;
  is_deleted: boolean;
}

/** The user's membership of a conversation; all null without a row. */
export interface AccessRow {
  role: Role | null;
  state: MemberState | null;
  muted_until: StoredInstant | null;
  read_seq: number | null;
  cleared_seq: number | null;
  archived_seq: number | null;
  pinned_at: StoredInstant | null;
  notices: NoticeLevel | null;
  quiet_until: StoredInstant | null;
}

/** The user to whom the membership belongs, by whom the peer of a direct conversation is known. */
export interface ReaderRow {
  reader_id: string;
}

/** Result of naming_v2, with the reader whom it looks for. */
export interface NamingRow {
  naming: { seqs: number[]; unknown: { seq: number; texts: string[] }[] } | null;
  reader: UserRow;
}

/** Result of deleted_above_v1: unread deleted messages, among the latest. */
export interface DeletedUnreadRow {
  deleted_unread: number[];
}

/** A row of group_settings_v1 or room_settings_v1. */
export interface SettingsVerdict {
  /** Refusal. */
  code: ErrorCode | null;
  /** Rev of the change; null if nothing differs from before. */
  rev: number | null;
}

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
    ...(row.mention_keys && { mentionKeys: row.mention_keys }),
    ...(row.deleted_at !== null && { deletedAt: time(row.deleted_at) }),
    ...(row.pinned_at && { pinnedAt: time(row.pinned_at) }),
    ...(row.reply_to && { replyTo: row.reply_to }),
    ...(row.quote && { quote: toQuote(row.quote) }),
    ...(row.is_forwarded && { isForwarded: true as const }),
    // The column holds JSON of any shape.
    ...(row.preview && { preview: LinkPreview.parse(row.preview) }),
    reactions: (row.reactions ?? []).sort((a, b) => compareEmoji(a.emoji, b.emoji)),
    attachments: [],
  };
}

/** Returns a tombstone for a message that can't be rendered: its place and its rev, without text. */
function tombstoneOf(row: MessageRow): Message {
  const createdAt = boundedTime(row.created_at);
  return {
    conversationId: row.conversation_id,
    id: row.id,
    seq: row.seq,
    rev: row.rev,
    authorId: row.author_id,
    body: '',
    createdAt,
    deletedAt: createdAt,
    reactions: [],
    attachments: [],
  };
}

const messages: RowRenderer<MessageRow, Message> = {
  kind: 'message',
  keyOf: ({ conversation_id: conversationId, seq }) => `${conversationId} ${seq}`,
  render: toMessage,
  instead: tombstoneOf,
};

/** Renders messages. One that can't be rendered becomes a tombstone: without it there would be a gap. */
export function toMessages(rows: readonly MessageRow[]): Message[] {
  return renderRows(messages, rows);
}

/** Renders one message, as a tombstone if it can't be rendered. Throws if not even the tombstone can. */
export function toMessageOrTombstone(row: MessageRow): Message {
  return renderRow(messages, row) ?? tombstoneOf(row);
}

/** Returns a message for a reader with this floor: a quote from below it is left out. */
export function aboveFloor({ quote, ...message }: Message, floorSeq: number): Message {
  return quote && quote.seq > floorSeq ? { ...message, quote } : message;
}

export function toQuote({ isDeleted, ...quote }: QuoteRow): Quote {
  return { ...quote, ...(isDeleted && { isDeleted: true as const }) };
}

export function toSettings(row: ConversationRow): ConversationSettings {
  return {
    ...(row.title !== null && { title: row.title }),
    ...(row.slug !== null && { slug: row.slug }),
    ...(row.topic !== null && { topic: row.topic }),
    ...(row.visibility !== null && { visibility: row.visibility }),
    ...(row.guest_access !== null && { guests: row.guest_access }),
    ...(row.is_announcement && { isAnnouncement: true as const }),
    ...(row.archived_at !== null && { archivedAt: boundedTime(row.archived_at) }),
    ...(row.color !== null && { color: row.color }),
    slowModeMs: row.slow_mode_ms,
    ...(row.retention_ms !== null && { retentionMs: Number(row.retention_ms) }),
  };
}

/** Returns the floor of one reader, set by retention or by deleting for oneself. */
export function floorOf(row: Pick<ConversationRow, 'floor_seq'> & Pick<AccessRow, 'cleared_seq'>): number {
  return Math.max(row.floor_seq, row.cleared_seq ?? 0);
}

function toLastMessage(row: LastMessageRow): LastMessage {
  return {
    seq: row.seq,
    authorId: row.author_id,
    body: row.body,
    createdAt: boundedTime(row.created_at),
    ...(row.is_deleted && { isDeleted: true as const }),
  };
}

/** Returns the other user of a direct conversation, or the reader of saved messages; null for other conversations. */
export function peerOf(
  { direct_low: low, direct_high: high }: Pick<ConversationRow, 'direct_low' | 'direct_high'>,
  readerId: string,
): string | null {
  return low === readerId ? high : low;
}

export function toConversation(
  row: ConversationRow &
    AccessRow &
    ReaderRow & { last?: LastMessageRow | null } & Partial<NamingRow> &
    Partial<DeletedUnreadRow>,
): Conversation {
  const peerId = peerOf(row, row.reader_id);
  const floorSeq = floorOf(row);
  return {
    id: row.id,
    kind: row.kind,
    ...toSettings(row),
    seq: row.seq,
    rev: row.rev,
    floorSeq,
    ...(row.last_at !== null && { lastAt: boundedTime(row.last_at) }),
    // The lobby's mark stays on the device.
    ...(row.kind !== 'lobby' && { readSeq: row.read_seq ?? 0 }),
    role: row.role ?? 'member',
    ...(row.muted_until !== null && { mutedUntil: boundedTime(row.muted_until) }),
    ...((row.kind === 'room' || row.kind === 'group') && { memberCount: row.member_count }),
    ...(peerId !== null && { peerId }),
    ...(row.last && row.last.seq > floorSeq && { last: toLastMessage(row.last) }),
    ...(row.pinned_at !== null && { pinnedAt: boundedTime(row.pinned_at) }),
    ...(row.archived_seq !== null && { archivedSeq: row.archived_seq }),
    ...toNotices(row),
    ...mentionsIn(row),
    ...(row.deleted_unread && row.deleted_unread.length > 0 && { deletedUnread: row.deleted_unread }),
  };
}

/** Returns the seqs of unread messages that name the reader. */
function mentionsIn({ naming, reader }: Partial<NamingRow>): { mentions?: number[] } {
  if (!naming || !reader) return {};
  const me = toUser(reader);
  const counted = naming.unknown.filter(({ texts }) => texts.every((text) => isMentioned(text, me)));
  const mentions = [...naming.seqs, ...counted.map(({ seq }) => seq)].sort((a, b) => a - b);
  return mentions.length > 0 ? { mentions } : {};
}

function toConversationChange({ kind, rev, data }: ChangeRow): ConversationChange {
  switch (kind) {
    case 'message':
    case 'deleted':
      return messageChange(rev, data as MessageRow);
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

/** Returns the change of a message, which is a tombstone if it can't be rendered. */
export function messageChange(rev: number, row: MessageRow): ConversationChange {
  const message = toMessageOrTombstone(row);
  return { kind: message.deletedAt === undefined ? 'message' : 'deleted', rev, message };
}

/**
 * Renders changes of a conversation. Leaves out one that can't be rendered, unless it is a message's: the next rev
 * passes it.
 */
export function toConversationChanges(conversationId: string, rows: readonly ChangeRow[]): ConversationChange[] {
  return renderRows(
    {
      kind: 'conversation_change',
      keyOf: ({ kind, rev }) => `${conversationId} ${kind} ${rev}`,
      render: toConversationChange,
    },
    rows,
  );
}

/** Renders conversations of a list. */
export function toConversations(rows: readonly Parameters<typeof toConversation>[0][]): Conversation[] {
  return renderRows({ kind: 'conversation', keyOf: ({ id }) => id, render: toConversation }, rows);
}

export function toHead(row: Pick<ConversationRow, 'kind' | 'rev' | 'seq' | 'floor_seq'>): FeedHead {
  return { rev: row.rev, seq: row.seq, floorSeq: row.floor_seq, isPrivate: row.kind !== 'lobby' };
}
