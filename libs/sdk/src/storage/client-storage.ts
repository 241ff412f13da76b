import type {
  Block,
  Conversation,
  Draft,
  Friend,
  Member,
  Membership,
  PersonalSettings,
  User,
} from '@cloudhop/contracts';
import { withOwnPart } from '../core/own-part';
import type { OutboxEntry, Row } from '../core/state';

/** Number of rows of a conversation that are stored. */
export const storedRows = 500;

export interface StoredConversation {
  readonly conversation: Conversation;
  /** Absent: known from the personal feed, never opened. */
  readonly cursor?: number;
  readonly epoch?: string;
  /** Personal rev that role and mute are as of. */
  readonly personalRev?: number;
  readonly first: number;
  readonly hasBefore: boolean;
  readonly readSeq: number;
  readonly hasUnknown: boolean;
  readonly members?: readonly Member[];
}

/** State of the user that belongs to no conversation. */
export interface StoredPersonal {
  readonly user?: User;
  readonly lobbyId?: string;
  readonly epoch?: string;
  readonly rev?: number;
  readonly isHidden: boolean;
  /** Conversations that the stored rev includes and that are not stored yet. */
  readonly unread: readonly string[];
  // Absent in what an older page stored.
  readonly friends?: readonly Friend[];
  readonly blocks?: readonly Block[];
  readonly settings?: PersonalSettings;
  readonly invitations?: readonly Membership[];
  /** `typed`: text of this device that has not come back by the feed yet. */
  readonly drafts?: readonly (Draft & { readonly typed?: string })[];
}

/** Everything a page needs to draw before the network answers. */
export interface Snapshot {
  readonly personal?: StoredPersonal;
  readonly conversations: readonly (StoredConversation & { readonly rows: readonly Row[] })[];
  readonly users: readonly User[];
  readonly outbox: readonly OutboxEntry[];
}

/** Rows and cursor of one conversation, written in one transaction. */
export interface ConversationWrite {
  readonly kind: 'conversation';
  readonly conversationId: string;
  readonly epoch?: string;
  /** The cursor on which the write builds; absent with `replace`. */
  readonly fromRev?: number;
  readonly toRev?: number;
  /** Everything stored of the conversation goes first. */
  readonly replace: boolean;
  readonly head: StoredConversation;
  readonly rows: readonly Row[];
  readonly users: readonly User[];
}

export interface PersonalWrite {
  readonly kind: 'personal';
  readonly fromRev?: number;
  readonly replace: boolean;
  readonly personal: StoredPersonal;
  /** Conversations that are the user's no longer. Deleted. */
  readonly gone: readonly string[];
  readonly users: readonly User[];
}

export type StoredWrite = ConversationWrite | PersonalWrite;

/** `behind`: the stored cursor is below the write's beginning; `stale`: storage is ahead of it already. */
export type WriteVerdict = 'stored' | 'stale' | 'behind';

/** Synchronous copy of entries that are on their way into the storage: the page may be gone in the next moment. */
export interface OutboxJournal {
  /** Durable when this returns, if there is room. */
  write(entry: OutboxEntry): void;
  /** Removes the copy of a stored entry, unless a newer one was written. */
  commit(entry: OutboxEntry): void;
  remove(entryId: string): void;
  entries(): OutboxEntry[];
  clear(): void;
}

/** One user's cache and outbox. Every method may reject; the client then goes on in memory. */
export interface UserStorage {
  readonly journal: OutboxJournal;
  load(): Promise<Snapshot>;
  /** Never lowers a rev; drops writes of an older generation as `stale`. */
  write(writes: readonly StoredWrite[]): Promise<WriteVerdict[]>;
  /** Stores an entry. One that another tab has finished with is not stored again. */
  putEntry(entry: OutboxEntry): Promise<void>;
  dropEntry(entryId: string): Promise<void>;
  loadOutbox(): Promise<OutboxEntry[]>;
  /** Raises the generation and deletes everything. Later writes of an older generation are dropped. */
  wipe(): Promise<void>;
  close(): void;
}

export interface ClientStorage {
  /** Resolves with the user to draw before the network answers. */
  lastUser(): Promise<{ userId: string; lobbyId?: string } | undefined>;
  setLastUser(last: { userId: string; lobbyId?: string } | undefined): Promise<void>;
  open(userId: string): Promise<UserStorage>;
}

/** Decides on a conversation write by what is stored. */
export function judgeWrite(
  stored: StoredConversation | undefined,
  write: ConversationWrite,
  personal: StoredPersonal | undefined,
): WriteVerdict {
  // By the stored personal feed, the conversation may have been left since, and perhaps joined again.
  const isLate = personal?.epoch === write.epoch && (personal?.rev ?? 0) > (write.head.personalRev ?? 0);
  if (stored === undefined && isLate) return 'stale';
  const isSameEpoch = stored !== undefined && stored.epoch === write.epoch;
  if (write.replace) return isSameEpoch && (stored.cursor ?? -1) > (write.toRev ?? -1) ? 'stale' : 'stored';
  if (!isSameEpoch) return stored === undefined ? 'behind' : 'stale';
  if (write.fromRev === undefined) return stored.cursor === undefined ? 'stored' : 'stale';
  if (stored.cursor === undefined || write.fromRev > stored.cursor) return 'behind';
  return (write.toRev ?? 0) < stored.cursor ? 'stale' : 'stored';
}

export function judgePersonal(stored: StoredPersonal | undefined, write: PersonalWrite): WriteVerdict {
  const rev = write.personal.rev ?? 0;
  if (write.replace || stored === undefined || stored.rev === undefined)
    return stored?.epoch === write.personal.epoch && (stored?.rev ?? 0) > rev ? 'stale' : 'stored';
  if (stored.epoch !== write.personal.epoch) return 'stale';
  if ((write.fromRev ?? 0) > stored.rev) return 'behind';
  return rev < stored.rev ? 'stale' : 'stored';
}

/**
 * Returns true if another tab has finished with the entry or changed it later. Times of the same owner are not
 * compared: its clock may be set back.
 */
export function isLateEntry(stored: OutboxEntry | undefined, entry: OutboxEntry): boolean {
  if (stored === undefined) return entry.isStored;
  return stored.owner !== entry.owner && stored.touchedAt > entry.touchedAt;
}

/** Returns true if `row` replaces the stored one: its rev is higher, or equal (then it knows `mine` better). */
export function isNewerRow(stored: Row | undefined, row: Row): boolean {
  return stored === undefined || row.message.rev >= stored.message.rev;
}

/** Returns the first seq to keep after a write: at most `storedRows` rows stay, and none below the floor. */
export function firstToKeep(head: StoredConversation): number {
  return Math.max(head.first, head.conversation.seq - storedRows + 1, head.conversation.floorSeq + 1);
}

/**
 * Returns the user's state to store after a write that comes too late. Conversations that it removes are removed all the
 * same, and read again if they are the user's by now.
 */
export function withGone(stored: StoredPersonal, gone: readonly string[]): StoredPersonal {
  return { ...stored, unread: [...new Set([...(stored.unread ?? []), ...gone])] };
}

/** Returns the user's state to store after a write. Keeps conversations that no tab has opened yet. */
export function personalToStore(
  stored: StoredPersonal | undefined,
  write: PersonalWrite,
  isStored: (conversationId: string) => boolean,
): StoredPersonal {
  const kept = (stored?.unread ?? []).filter((id) => !isStored(id) && !write.gone.includes(id));
  return { ...write.personal, unread: [...new Set([...write.personal.unread, ...kept])] };
}

/** Returns the head to store after a write. */
export function headToStore(stored: StoredConversation | undefined, head: StoredConversation): StoredConversation {
  const own = stored === undefined ? head : withOwn(head, stored);
  const first = firstToKeep(own);
  return { ...own, first, hasBefore: head.hasBefore || first > head.first };
}

/**
 * Merges the reader's own fields of two heads, whichever tab writes last. Read marks and floors only rise on one timeline;
 * role and the like are as of the later personal rev.
 */
export function withOwn(head: StoredConversation, other: StoredConversation): StoredConversation {
  if (other.epoch !== head.epoch) return head;
  const later = (other.personalRev ?? 0) > (head.personalRev ?? 0) ? other : head;
  const marks = [head.conversation.readSeq, other.conversation.readSeq].filter((seq) => seq !== undefined);
  return {
    ...head,
    ...(later.personalRev !== undefined && { personalRev: later.personalRev }),
    conversation: {
      ...withOwnPart(head.conversation, later.conversation),
      floorSeq: Math.max(head.conversation.floorSeq, other.conversation.floorSeq),
      ...(marks.length > 0 && { readSeq: Math.max(...marks) }),
    },
    readSeq: Math.max(other.readSeq, head.readSeq),
  };
}
