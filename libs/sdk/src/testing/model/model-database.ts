import {
  type Block,
  type Conversation,
  type ConversationChange,
  type ConversationKind,
  type Draft,
  type ErrorCode,
  type Member,
  type Membership,
  type OwnReaction,
  type PersonalChange,
  type PersonalSettings,
  type Role,
  type User,
  authorsOf,
  limits,
} from '@cloudhop/contracts';
import { type Commit, type Verdict, commitBatch } from './model-commit';
import {
  type FriendVerb,
  type Mark,
  changeBlock,
  changeFriend,
  changeSettings,
  markMembership,
  openDirect,
  writeDraft,
} from './model-people';
import { ModelPeople, type PeopleVerdict } from './people-tables';
import { type GroupVerb, type GroupVerdict, changeGroup, createGroup } from './model-groups';
import { ModelLog } from './model-log';
import { type ModelPage, type PageRange, pageOf } from './model-pages';
import {
  type MembershipVerb,
  type MembershipVerdict,
  type SettingsVerdict,
  changeMembership,
  changeRoomSettings,
} from './model-memberships';
import type {
  ConversationRow,
  MemberRow,
  ModelChanges,
  ModelHead,
  PageLimits,
  SessionRow,
  UserRow,
} from './model-rows';
import type { ModelTables } from './model-tables';

/**
 * The database as the design has it: every method is one statement or one function that Postgres runs for us. A test
 * holds it against the real repositories.
 */
export class ModelDatabase implements ModelTables {
  epoch = 'epoch-1';
  conversations = new Map<string, ConversationRow>();
  users = new Map<string, UserRow>();
  sessions = new Map<string, SessionRow>();
  /** Personal heads. */
  personal = new Map<string, number>();
  people = new ModelPeople();
  /** Counts who comes into groups, over restores too. */
  joins = 0;

  constructor(
    readonly lobbyId: string,
    protected readonly clock: () => number,
    /** Members above which joins and leaves take no rev. */
    protected readonly memberRevs: number,
    protected readonly pageLimits: PageLimits = limits,
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
    const settings = { slowModeMs: 0, ...(kind === 'room' && { visibility: 'public' as const }) };
    this.conversations.set(id, { log, kind, settings, settingsRev: 0, memberCount, members });
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
    const copy = new ModelDatabase(this.lobbyId, this.clock, this.memberRevs, this.pageLimits);
    copy.restore(this, this.epoch);
    return copy;
  }

  /** Becomes what `from` was, on another timeline. */
  restore(from: ModelDatabase, epoch: string): void {
    this.epoch = epoch;
    this.users = new Map(from.users);
    this.sessions = new Map(from.sessions);
    this.personal = new Map(from.personal);
    this.people = from.people.copy();
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

  /** Returns the reason for which the user may not read, or undefined. */
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

  changeRoomSettings(
    conversationId: string,
    actorId: string,
    change: { title: string; slowModeMs: number },
  ): SettingsVerdict {
    return changeRoomSettings(this, conversationId, actorId, change);
  }

  raiseFloor(conversationId: string, floorSeq: number): ConversationChange | undefined {
    return this.conversations.get(conversationId)!.log.raiseFloor(floorSeq);
  }

  /**
   * Moves a read mark forward, never beyond the head. Answers the personal change, or undefined where nothing moves.
   */
  markRead(userId: string, conversationId: string, seq: number): PersonalChange | undefined {
    const row = this.conversations.get(conversationId);
    const member = row?.members.get(userId);
    if (!row || member?.state !== 'joined' || member.readSeq >= seq || seq > row.log.seq) return undefined;
    row.members.set(userId, { ...member, readSeq: seq, feedRev: this.bump(userId) });
    return this.membershipChange(conversationId, userId);
  }

  changeFriend(userId: string, otherId: string, verb: FriendVerb, note?: string): PeopleVerdict {
    return changeFriend(this, userId, otherId, verb, note);
  }

  changeBlock(userId: string, otherId: string, level: Block['level']): PeopleVerdict {
    return changeBlock(this, userId, otherId, level);
  }

  openDirect(userId: string, otherId: string, newId: string): PeopleVerdict {
    return openDirect(this, userId, otherId, newId);
  }

  mark(userId: string, conversationId: string, mark: Mark): PeopleVerdict {
    return markMembership(this, userId, conversationId, mark);
  }

  createGroup(actorId: string, id: string, title: string, userIds: readonly string[]): GroupVerdict {
    return createGroup(this, actorId, id, title, userIds);
  }

  changeGroup(conversationId: string, actorId: string, userId: string, verb: GroupVerb): GroupVerdict {
    return changeGroup(this, conversationId, actorId, userId, verb);
  }

  writeDraft(userId: string, draft: Draft): PeopleVerdict {
    return writeDraft(this, userId, draft);
  }

  changePreferences(userId: string, change: Partial<PersonalSettings>): PeopleVerdict {
    return changeSettings(this, userId, change);
  }

  /** The direct conversation of two, or the first one of the user with anybody. */
  directOf(userId: string, otherId?: string): string | undefined {
    for (const [id, { pair }] of this.conversations)
      if (
        pair?.includes(userId) === true &&
        (otherId === undefined || (pair.includes(otherId) && (userId !== otherId || pair[0] === pair[1])))
      )
        return id;
    return undefined;
  }

  membershipChange(conversationId: string, userId: string): PersonalChange & { kind: 'membership' } {
    const { feedRev } = this.conversations.get(conversationId)!.members.get(userId)!;
    return { kind: 'membership', rev: feedRev, membership: this.membership(conversationId, userId) };
  }

  membership(conversationId: string, userId: string): Membership {
    const { role, state, mutedUntil, readSeq, clearedSeq, archivedSeq, pinnedAt, invitation } = this.conversations
      .get(conversationId)!
      .members.get(userId)!;
    return {
      conversationId,
      role,
      state,
      ...(mutedUntil !== undefined && { mutedUntil }),
      readSeq,
      ...(clearedSeq !== undefined && { clearedSeq }),
      ...(archivedSeq !== undefined && { archivedSeq }),
      ...(pinnedAt !== undefined && { pinnedAt }),
      ...(state === 'invited' && { invitation }),
    };
  }

  member(conversationId: string, userId: string): Member {
    const { role, state, mutedUntil, invitation } = this.conversations.get(conversationId)!.members.get(userId)!;
    return {
      userId,
      role,
      state,
      ...(mutedUntil !== undefined && { mutedUntil }),
      ...(state === 'invited' && invitation && { invitedBy: invitation.invitedBy }),
    };
  }

  conversation(conversationId: string, userId: string): Conversation {
    const { log, kind, settings, members, pair } = this.conversations.get(conversationId)!;
    const member = members.get(userId);
    const mark = kind === 'lobby' ? 0 : (member?.readSeq ?? log.seq);
    const deletedUnread = log
      .messages(Math.max(mark, log.seq - limits.mentionWindow) + 1)
      .filter(({ deletedAt }) => deletedAt !== undefined)
      .map(({ seq }) => seq);
    return {
      ...log.conversation(),
      ...settings,
      floorSeq: this.floorOf(conversationId, userId),
      ...(kind !== 'lobby' && { readSeq: member?.readSeq ?? 0 }),
      role: member?.role ?? 'member',
      ...(member?.mutedUntil !== undefined && { mutedUntil: member.mutedUntil }),
      ...(pair && { peerId: pair[0] === userId ? pair[1] : pair[0] }),
      ...(member?.pinnedAt !== undefined && { pinnedAt: member.pinnedAt }),
      ...(member?.archivedSeq !== undefined && { archivedSeq: member.archivedSeq }),
      ...(deletedUnread.length > 0 && { deletedUnread }),
    };
  }

  /** Returns the highest seq that retention removed or the reader deleted for themselves. */
  floorOf(conversationId: string, userId: string): number {
    const row = this.conversations.get(conversationId);
    return Math.max(row?.log.floorSeq ?? 0, row?.members.get(userId)?.clearedSeq ?? 0);
  }

  head(conversationId: string): ModelHead {
    const { log, kind } = this.conversations.get(conversationId)!;
    return { rev: log.rev, seq: log.seq, floorSeq: log.floorSeq, isPrivate: kind !== 'lobby' };
  }

  personalHead(userId: string): ModelHead {
    return { rev: this.personal.get(userId) ?? 0, seq: 0, floorSeq: 0, isPrivate: true };
  }

  /** Returns the changes after `rev` as latest states, by rev. */
  changesAfter(conversationId: string, rev: number): ModelChanges<ConversationChange> {
    const { log, settings, settingsRev, members } = this.conversations.get(conversationId)!;
    const head = this.head(conversationId);
    const isReset = rev > log.rev || (rev < log.rev && log.countChangedSince(rev) > this.pageLimits.resetBeyond);
    if (isReset) return { head, toRev: log.rev, isReset, hasMore: false, changes: [], users: [] };
    const all: ConversationChange[] = log.changedSince(rev);
    for (const [userId, member] of members)
      if (member.rev > rev) all.push({ kind: 'member', rev: member.rev, member: this.member(conversationId, userId) });
    if (settingsRev > rev) all.push({ kind: 'settings', rev: settingsRev, settings });
    if (log.floorRev > rev) all.push({ kind: 'floor', rev: log.floorRev, floorSeq: log.floorSeq });
    all.sort((a, b) => a.rev - b.rev);
    const changes = all.slice(0, this.pageLimits.framePage);
    const hasMore = changes.length < all.length;
    const toRev = hasMore ? changes.at(-1)!.rev : log.rev;
    return { head, toRev, isReset, hasMore, changes, users: this.usersOf(changes) };
  }

  personalChangesAfter(userId: string, rev: number): ModelChanges<PersonalChange> {
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
    all.push(...this.people.changesAfter(userId, rev));
    all.sort((a, b) => a.rev - b.rev);
    const changes = all.slice(0, this.pageLimits.framePage);
    const hasMore = changes.length < all.length;
    const toRev = hasMore ? changes.at(-1)!.rev : head.rev;
    return { head, toRev, isReset: rev > head.rev, hasMore, changes, users: this.#about(userId, changes) };
  }

  /** Returns the users whom changes of a personal feed name. */
  #about(userId: string, changes: readonly PersonalChange[]): User[] {
    return this.peopleOf(
      changes.flatMap((change) => {
        if (change.kind === 'friend') return [change.friend.userId];
        if (change.kind === 'block') return [change.block.userId];
        if (change.kind !== 'membership') return [];
        const { invitation } = change.membership;
        if (invitation) return [invitation.invitedBy];
        return this.conversation(change.membership.conversationId, userId).peerId ?? [];
      }),
    );
  }

  /** The conversations that are the user's, the lobby among them. */
  mine(userId: string): string[] {
    return [...this.conversations.keys()].filter((id) => this.unreadable(id, userId) === undefined);
  }

  /** Latest first page, or the one that `range` asks for. The asker may read. */
  page(conversationId: string, userId: string, range: PageRange): ModelPage {
    return pageOf(this, conversationId, userId, range);
  }

  ownReactions(conversationId: string, userId: string, seqs: readonly number[]): OwnReaction[] {
    return this.conversations.get(conversationId)?.log.mineOf(userId, seqs) ?? [];
  }

  peopleOf(ids: Iterable<string>): User[] {
    return [...new Set(ids)].flatMap((id) => this.users.get(id)?.user ?? []);
  }

  private usersOf(changes: readonly ConversationChange[]): User[] {
    return this.peopleOf(
      changes.flatMap((change) => {
        if (change.kind === 'message' || change.kind === 'deleted') return authorsOf(change.message);
        return change.kind === 'member' ? [change.member.userId] : [];
      }),
    );
  }
}
