import {
  errorCodes,
  type ConversationChange,
  type ConversationSync,
  type Draft,
  type ErrorCode,
  type Message,
  type OpenReply,
  type PersonalChange,
  type Reply,
  type RequestInput,
  type RequestName,
  type SyncReply,
  type User,
} from '@cloudhop/contracts';
import type { Fact } from '../core/events';
import type { Commit } from './model/model-commit';
import { ModelDatabase } from './model/model-database';
import type { ModelLog } from './model/model-log';

export interface ModelLimits {
  /** Changes in one page of a sync. */
  page: number;
  /** Changed rows beyond which a sync answers a reset. */
  resetBeyond: number;
  /** Latest messages of an open. */
  open: number;
}

class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly retryAfterMs?: number,
  ) {
    super(code);
  }
}

/**
 * Server in memory with one lobby: the requests of a socket, answered from the model of the database. No network, no
 * faults.
 */
export class ModelServer {
  readonly database: ModelDatabase;
  clock = 1_700_000_000_000;
  /** Told of every fact right after its commit, with its addressee; `undefined` is everybody who may read the lobby. */
  onFact: (fact: Fact, userId: string | undefined) => void = () => undefined;
  /** Codes that the next writes are refused with, before the log is asked. */
  readonly refusals: { code: ErrorCode; retryAfterMs?: number }[] = [];

  constructor(
    private readonly lobbyId: string,
    readonly limits: ModelLimits = { page: 100, resetBeyond: 500, open: 50 },
  ) {
    const { page: framePage, resetBeyond } = limits;
    this.database = new ModelDatabase(lobbyId, () => this.clock++, 100, { framePage, resetBeyond });
  }

  get epoch(): string {
    return this.database.epoch;
  }

  get lobby(): ModelLog {
    return this.database.conversations.get(this.lobbyId)!.log;
  }

  addUser(user: User): void {
    this.database.addUser(user);
  }

  user(userId: string): User {
    return this.database.users.get(userId)!.user;
  }

  mayRead(userId: string): boolean {
    return this.database.unreadable(this.lobbyId, userId) === undefined;
  }

  /** Answers as the socket's requests are answered. Never throws for what a client can send. */
  answer<N extends RequestName>(userId: string, name: N, payload: RequestInput<N>): Reply<unknown> {
    try {
      return { ok: true, data: this.#handle(userId, name, payload as never) };
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const { code, retryAfterMs } = refusal;
      const error = { code, message: errorCodes[code][1], ...(retryAfterMs !== undefined && { retryAfterMs }) };
      return { ok: false, error };
    }
  }

  /** Goes back to the backup, on another timeline: what was acknowledged since is lost, revs are taken again. */
  restore(backup: ModelDatabase, epoch: string): void {
    this.database.restore(backup, epoch);
  }

  setFloor(floorSeq: number): void {
    this.#publish(this.database.raiseFloor(this.lobbyId, floorSeq));
  }

  ban(userId: string): void {
    this.#changeMembership(userId, 'ban');
  }

  unban(userId: string): void {
    this.#changeMembership(userId, 'unban');
  }

  /** Sets a draft, as any device of the user does it. */
  setDraft(userId: string, draft: Draft): { rev: number } {
    const { code, told } = this.database.writeDraft(userId, draft);
    if (code) throw new Refusal(code);
    for (const { change } of told) this.#publishPersonal(userId, change);
    return { rev: this.database.personalHead(userId).rev };
  }

  /** A ban takes reading away, so the lobby hears of it too. */
  #changeMembership(userId: string, verb: 'ban' | 'unban'): void {
    const { database, lobbyId } = this;
    for (const { rev } of database.changeMembership(lobbyId, undefined, userId, verb).told) {
      this.#publishPersonal(userId, database.membershipChange(lobbyId, userId));
      this.#publish({ kind: 'member', rev: rev!, member: database.member(lobbyId, userId) });
    }
  }

  #handle(userId: string, name: RequestName, payload: never): unknown {
    switch (name) {
      case 'feed:sync':
        return this.#sync(userId, payload);
      case 'conversation:open':
        return this.#open(userId, payload);
      case 'conversation:history':
        return this.#history(userId, payload);
      case 'message:send':
        return this.#write(userId, 'send', payload);
      case 'message:edit':
        return this.#write(userId, 'edit', payload);
      case 'message:delete':
        return this.#write(userId, 'delete', payload);
      case 'message:react':
        return this.#write(userId, 'react', payload);
      case 'draft:set':
        return this.setDraft(userId, payload);
      case 'user:lookup':
        return { users: [] };
      case 'presence:list':
        return { items: [], count: 1 };
      default:
        return {};
    }
  }

  #sync(userId: string, { epoch, personal, conversations = [] }: RequestInput<'feed:sync'>): SyncReply {
    const { database } = this;
    const isSame = epoch === this.epoch;
    const { rev } = database.personalHead(userId);
    const isReset = !isSame || personal === undefined || personal > rev;
    return {
      epoch: this.epoch,
      serverTime: database.now,
      personal: isReset
        ? {
            reset: {
              rev,
              user: this.user(userId),
              lobbyId: this.lobbyId,
              conversations: database.mine(userId).map((id) => database.conversation(id, userId)),
              ...database.people.stateOf(userId),
              invitations: [],
            },
          }
        : { rev, changes: [...database.personalChangesAfter(userId, personal).changes], more: false },
      conversations: conversations.map((cursor) =>
        this.#syncOne(userId, cursor.conversationId, isSame ? cursor.rev : Infinity),
      ),
      users: this.#everybody(),
    };
  }

  #syncOne(userId: string, conversationId: string, rev: number): ConversationSync {
    const { database } = this;
    const refusal = database.unreadable(conversationId, userId);
    if (refusal) return { conversationId, gone: refusal === 'banned' ? 'banned' : 'left' };
    const { head, toRev, isReset, hasMore: more, changes: all } = database.changesAfter(conversationId, rev);
    if (isReset) return { conversationId, reset: this.#snapshot(userId, conversationId) };
    const changes = [...all];
    const mine = database.ownReactions(conversationId, userId, seqsOf(changes));
    return { conversationId, rev: toRev, seq: head.seq, floorSeq: head.floorSeq, changes, mine, more };
  }

  #snapshot(userId: string, conversationId: string): OpenReply {
    const { open: limit } = this.limits;
    const { hasAfter: _, users: __, ...page } = this.database.page(conversationId, userId, { limit });
    return { ...page, users: this.#everybody() };
  }

  #open(userId: string, { conversationId, rev }: RequestInput<'conversation:open'>): OpenReply {
    this.#requireReader(userId, conversationId);
    if (rev === undefined) return this.#snapshot(userId, conversationId);
    const { isReset, hasMore, changes: all } = this.database.changesAfter(conversationId, rev);
    if (isReset || hasMore) return this.#snapshot(userId, conversationId);
    const changes = [...all];
    const mine = this.database.ownReactions(conversationId, userId, seqsOf(changes));
    return { conversation: this.database.conversation(conversationId, userId), changes, users: [], mine };
  }

  #history(userId: string, { conversationId, limit = 50, ...range }: RequestInput<'conversation:history'>) {
    this.#requireReader(userId, conversationId);
    const { conversation, ...page } = this.database.page(conversationId, userId, { ...range, limit });
    return { ...page, users: [], rev: conversation.rev };
  }

  #write(
    userId: string,
    kind: Commit['kind'],
    payload: { conversationId: string; id: string },
  ): Message | { id: string; seq: number; expired: true } {
    const refusal = this.refusals.shift();
    if (refusal) throw new Refusal(refusal.code, refusal.retryAfterMs);
    const [verdict] = this.database.commit([{ kind, userId, ...payload }]);
    const { outcome, code, retryAfterMs, seq, message, change } = verdict!;
    if (outcome === 'refused') throw new Refusal(code!, retryAfterMs);
    this.#publish(change);
    return outcome === 'expired' ? { id: payload.id, seq: seq!, expired: true } : message!;
  }

  #requireReader(userId: string, conversationId: string): void {
    const code = this.database.unreadable(conversationId, userId);
    if (code) throw new Refusal(code);
  }

  #everybody(): User[] {
    return this.database.peopleOf(this.database.users.keys());
  }

  #publish(change: ConversationChange | undefined): void {
    if (!change) return;
    const { epoch, lobbyId: conversationId } = this;
    const range = { fromRev: change.rev - 1, toRev: change.rev };
    const payload = { epoch, conversationId, ...range, changes: [change], users: [] };
    this.onFact({ name: 'conversation:changed', payload }, undefined);
  }

  #publishPersonal(userId: string, change: PersonalChange): void {
    const range = { fromRev: change.rev - 1, toRev: change.rev };
    const payload = { epoch: this.epoch, ...range, changes: [change], users: [] };
    this.onFact({ name: 'personal:changed', payload }, userId);
  }
}

function seqsOf(changes: readonly ConversationChange[]): number[] {
  return changes.flatMap((change) =>
    change.kind === 'message' || change.kind === 'deleted' ? [change.message.seq] : [],
  );
}
