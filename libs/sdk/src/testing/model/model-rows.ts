import type { ConversationKind, ConversationSettings, Invitation, MemberState, Role, User } from '@cloudhop/contracts';
import type { ModelLog } from './model-log';

/** Head of a feed. */
export interface ModelHead {
  rev: number;
  seq: number;
  floorSeq: number;
  isPrivate: boolean;
}

/** A page of the changes of a feed, with its head. */
export interface ModelChanges<C> {
  head: ModelHead;
  /** The rev that the page reaches. */
  toRev: number;
  isReset: boolean;
  hasMore: boolean;
  changes: readonly C[];
  users: readonly User[];
}

/** Sizes of pages. */
export interface PageLimits {
  /** Changes in one page of a sync. */
  readonly framePage: number;
  /** Changed rows beyond which a sync answers a reset. */
  readonly resetBeyond: number;
}

export interface MemberRow {
  readonly role: Role;
  readonly state: MemberState;
  readonly mutedUntil?: string;
  readonly readSeq: number;
  readonly clearedSeq?: number;
  readonly archivedSeq?: number;
  readonly pinnedAt?: string;
  readonly hasWritten?: true;
  readonly invitation?: Invitation;
  /** Groups: who was there first follows an owner. */
  readonly joined?: number;
  /** The conversation's rev, and the user's personal rev, at which this row last changed. */
  readonly rev: number;
  readonly feedRev: number;
}

export interface ConversationRow {
  readonly log: ModelLog;
  readonly kind: ConversationKind;
  settings: ConversationSettings;
  settingsRev: number;
  memberCount: number;
  /** The two of a direct conversation, the lower id first. */
  pair?: readonly [string, string];
  createdBy?: string;
  readonly members: Map<string, MemberRow>;
}

export interface UserRow {
  readonly user: User;
  readonly feedRev: number;
}

export interface SessionRow {
  readonly userId: string;
  readonly presented: number;
  readonly presentations: readonly number[];
  readonly isEnded: boolean;
  readonly feedRev: number;
}
