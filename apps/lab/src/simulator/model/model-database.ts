import type { FeedHead, FeedPage } from '@cloudhop/api/core';
import {
  type Conversation,
  type ConversationChange,
  type ConversationKind,
  type ConversationSettings,
  type ErrorCode,
  type Member,
  type MemberState,
  type Membership,
  type Message,
  type OwnReaction,
  type PersonalChange,
  type PersonalReset,
  type Role,
  type User,
  limits,
} from '@cloudhop/contracts';
import { ModelLog } from '@cloudhop/sdk/testing';
import { type Commit, type Verdict, commitBatch } from './model-commit';
import { type MembershipVerb, type MembershipVerdict, changeMembership } from './model-memberships';

export interface MemberRow {
  readonly role: Role;
  readonly state: MemberState;
  readonly mutedUntil?: string;
  readonly readSeq: number;
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

/** A page of messages as a reader gets it. */
export interface ModelPage {
  conversation: Conversation;
  messages: Message[];
  mine: OwnReaction[];
  users: User[];
  hasBefore: boolean;
  hasAfter: boolean;
}

export interface PageRange {
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  limit: number;
}

/**
 * The database as the design has it: every method is one statement or one function that Postgres runs for us. A test
 * holds it against the real repositories.
 */
export class ModelDatabase {
  epoch = 'epoch-1';
  conversations = new Map<string, ConversationRow>();
  users = new Map<string, UserRow>();
  sessions = new Map<string, SessionRow>();
  /** Personal heads. */
  personal = new Map<string, number>();

  constructor(
    readonly lobbyId: string,
    protected readonly clock: () => number,
    /** Members above which joins and leaves take no rev. */
    protected readonly memberRevs: number,
  ) {
    this.addConversation(lobbyId, 'lobby');
  }

  get now(): string {
    return new Date(this.clock()).toISOString();
  }

  addConversation(id: string, kind: ConversationKind, owner?: string): void {
    const members = new Map<string, MemberRow>();
    if (owner !== undefined)
      members.set(owner, { role: 'owner', state: 'joined', readSeq: 0, rev: 0, feedRev: this.bump(owner) });
    const log = new ModelLog(id, kind);
    const memberCount = members.size;
    this.conversations.set(id, { log, kind, settings: { slowModeMs: 0 }, settingsRev: 0, memberCount, members });
  }

  addUser(user: User): void {
    this.users.set(user.id, { user, feedRev: 0 });
  }

  /** Undefined when that is the name already. */
  rename(userId: string, displayName: string): UserRow | undefined {
    const { user } = this.users.get(userId)!;
    if (user.displayName === displayName) return undefined;
    const row = { user: { ...user, displayName, profileRev: user.profileRev + 1 }, feedRev: this.bump(userId) };
    this.users.set(userId, row);
    return row;
  }

  beginSession(sessionId: string, userId: string): void {
    const fresh = { presented: 0, presentations: [], isEnded: false };
    this.sessions.set(sessionId, { userId, ...fresh, feedRev: this.bump(userId) });
  }

  /** Undefined when it has ended already, or never was. */
  endSession(sessionId: string): SessionRow | undefined {
    const session = this.sessions.get(sessionId);
    if (!session || session.isEnded) return undefined;
    const row = { ...session, isEnded: true, feedRev: this.bump(session.userId) };
    this.sessions.set(sessionId, row);
    return row;
  }

  /** Everything as it is now: what a backup holds. */
  backup(): ModelDatabase {
    const copy = new ModelDatabase(this.lobbyId, this.clock, this.memberRevs);
    copy.restore(this, this.epoch);
    return copy;
  }

  /** Becomes what `from` was, on another timeline. */
  restore(from: ModelDatabase, epoch: string): void {
    this.epoch = epoch;
    this.users = new Map(from.users);
    this.sessions = new Map(from.sessions);
    this.personal = new Map(from.personal);
    this.conversations = new Map(
      [...from.conversations].map(([id, row]) => [id, { ...row, log: row.log.copy(), members: new Map(row.members) }]),
    );
  }

  /** Takes the next rev of a personal feed. */
  bump(userId: string): number {
    const rev = (this.personal.get(userId) ?? 0) + 1;
    this.personal.set(userId, rev);
    return rev;
  }

  /** Why the user may not read, or undefined. */
  unreadable(conversationId: string, userId: string): ErrorCode | undefined {
    const row = this.conversations.get(conversationId);
    const state = row?.members.get(userId)?.state;
    if (row === undefined) return 'not_found';
    if (state === 'banned') return 'banned';
    return row.kind === 'lobby' || state === 'joined' ? undefined : 'not_found';
  }

  commit(batch: readonly Commit[]): Verdict[] {
    return commitBatch(this, batch);
  }

  changeMembership(
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    verb: MembershipVerb,
    more: { role?: Role; until?: string } = {},
  ): MembershipVerdict {
    return changeMembership(this, this.memberRevs, { conversationId, actorId, userId, verb, ...more });
  }

  changeSettings(conversationId: string, settings: ConversationSettings): ConversationChange {
    const row = this.conversations.get(conversationId)!;
    row.settings = settings;
    row.settingsRev = ++row.log.rev;
    return { kind: 'settings', rev: row.settingsRev, settings };
  }

  raiseFloor(conversationId: string, floorSeq: number): ConversationChange | undefined {
    return this.conversations.get(conversationId)!.log.raiseFloor(floorSeq);
  }

  /** Moves a read mark forward. Answers the personal change, or undefined where there is nothing to move. */
  markRead(userId: string, conversationId: string, seq: number): PersonalChange | undefined {
    const row = this.conversations.get(conversationId)!;
    const member = row.members.get(userId);
    if (member?.state !== 'joined' || member.readSeq >= seq) return undefined;
    const readSeq = Math.max(member.readSeq, Math.min(seq, row.log.seq));
    row.members.set(userId, { ...member, readSeq, feedRev: this.bump(userId) });
    return this.membershipChange(conversationId, userId);
  }

  membershipChange(conversationId: string, userId: string): PersonalChange & { kind: 'membership' } {
    const { feedRev } = this.conversations.get(conversationId)!.members.get(userId)!;
    return { kind: 'membership', rev: feedRev, membership: this.membership(conversationId, userId) };
  }

  membership(conversationId: string, userId: string): Membership {
    const { role, state, mutedUntil, readSeq } = this.conversations.get(conversationId)!.members.get(userId)!;
    return { conversationId, role, state, ...(mutedUntil !== undefined && { mutedUntil }), readSeq };
  }

  member(conversationId: string, userId: string): Member {
    const { role, state, mutedUntil } = this.conversations.get(conversationId)!.members.get(userId)!;
    return { userId, role, state, ...(mutedUntil !== undefined && { mutedUntil }) };
  }

  conversation(conversationId: string, userId: string): Conversation {
    const { log, kind, settings, members } = this.conversations.get(conversationId)!;
    const member = members.get(userId);
    return {
      ...log.conversation(),
      ...settings,
      ...(kind !== 'lobby' && { readSeq: member?.readSeq ?? 0 }),
      role: member?.role ?? 'member',
      ...(member?.mutedUntil !== undefined && { mutedUntil: member.mutedUntil }),
    };
  }

  head(conversationId: string): FeedHead {
    const { log, kind } = this.conversations.get(conversationId)!;
    return { rev: log.rev, seq: log.seq, floorSeq: log.floorSeq, isPrivate: kind !== 'lobby' };
  }

  personalHead(userId: string): FeedHead {
    return { rev: this.personal.get(userId) ?? 0, seq: 0, floorSeq: 0, isPrivate: true };
  }

  /** What changed after `rev` as latest states, by rev. */
  changesAfter(conversationId: string, rev: number): FeedPage {
    const { log, settings, settingsRev, members } = this.conversations.get(conversationId)!;
    const head = this.head(conversationId);
    const isReset = rev > log.rev || (rev < log.rev && log.countChangedSince(rev) > limits.resetBeyond);
    if (isReset) return { head, toRev: log.rev, isReset, hasMore: false, changes: [], users: [] };
    const all: ConversationChange[] = log.changedSince(rev);
    for (const [userId, member] of members)
      if (member.rev > rev) all.push({ kind: 'member', rev: member.rev, member: this.member(conversationId, userId) });
    if (settingsRev > rev) all.push({ kind: 'settings', rev: settingsRev, settings });
    if (log.floorRev > rev) all.push({ kind: 'floor', rev: log.floorRev, floorSeq: log.floorSeq });
    all.sort((a, b) => a.rev - b.rev);
    const changes = all.slice(0, limits.framePage);
    const hasMore = changes.length < all.length;
    const toRev = hasMore ? changes.at(-1)!.rev : log.rev;
    return { head, toRev, isReset, hasMore, changes, users: this.usersOf(changes) };
  }

  personalChangesAfter(userId: string, rev: number): FeedPage {
    const head = this.personalHead(userId);
    const all: PersonalChange[] = [];
    const row = this.users.get(userId);
    if (row && row.feedRev > rev) all.push({ kind: 'user', rev: row.feedRev, user: row.user });
    for (const [sessionId, session] of this.sessions) {
      if (session.userId === userId && session.feedRev > rev)
        all.push({ kind: 'session', rev: session.feedRev, sessionId, state: session.isEnded ? 'ended' : 'active' });
    }
    for (const [id, { members }] of this.conversations)
      if ((members.get(userId)?.feedRev ?? 0) > rev) all.push(this.membershipChange(id, userId));
    all.sort((a, b) => a.rev - b.rev);
    const changes = all.slice(0, limits.framePage);
    const hasMore = changes.length < all.length;
    const toRev = hasMore ? changes.at(-1)!.rev : head.rev;
    return { head, toRev, isReset: rev > head.rev, hasMore, changes, users: [] };
  }

  personalState(_userId: string): Pick<PersonalReset, 'friends' | 'blocks' | 'drafts'> {
    return { friends: [], blocks: [], drafts: [] };
  }

  /** The conversations that are the user's, the lobby among them. */
  mine(userId: string): string[] {
    return [...this.conversations.keys()].filter((id) => this.unreadable(id, userId) === undefined);
  }

  /** Latest first page, or the one that `range` asks for. The asker may read. */
  page(conversationId: string, userId: string, { before, after, around, limit }: PageRange): ModelPage {
    const { log } = this.conversations.get(conversationId)!;
    let to = log.seq;
    if (before !== undefined) to = Math.min(before - 1, log.seq);
    else if (after !== undefined) to = Math.min(Math.max(after, log.floorSeq) + limit, log.seq);
    else if (around !== undefined)
      to = Math.min(Math.max(around + Math.floor(limit / 2), log.floorSeq + limit), log.seq);
    const from = Math.max(log.floorSeq + 1, before === undefined && after !== undefined ? after + 1 : to - limit + 1);
    const messages = from > to ? [] : log.messages(from, to);
    const seqs = messages.map(({ seq }) => seq);
    return {
      conversation: this.conversation(conversationId, userId),
      messages,
      mine: log.mineOf(userId, seqs),
      users: this.people(messages.map(({ authorId }) => authorId)),
      hasBefore: from > log.floorSeq + 1 && log.seq > log.floorSeq,
      hasAfter: to < log.seq,
    };
  }

  ownReactions(conversationId: string, userId: string, seqs: readonly number[]): OwnReaction[] {
    return this.conversations.get(conversationId)!.log.mineOf(userId, seqs);
  }

  people(ids: Iterable<string>): User[] {
    return [...new Set(ids)].flatMap((id) => this.users.get(id)?.user ?? []);
  }

  private usersOf(changes: readonly ConversationChange[]): User[] {
    return this.people(
      changes.flatMap((change) => {
        if (change.kind === 'message' || change.kind === 'deleted') return [change.message.authorId];
        return change.kind === 'member' ? [change.member.userId] : [];
      }),
    );
  }
}
