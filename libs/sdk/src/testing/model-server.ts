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
import { ModelLog } from './model-log';

export interface ModelLimits {
  /** Changes in one page of a sync. */
  page: number;
  /** Changed rows beyond which a sync answers a reset. */
  resetBeyond: number;
  /** Latest messages of an open. */
  open: number;
}

interface Personal {
  rev: number;
  changes: PersonalChange[];
}

class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly retryAfterMs?: number,
  ) {
    super(code);
  }
}

/** A server in memory that keeps the design's rules of log and feeds, and no others: no time, no network, no faults. */
export class ModelServer {
  epoch = 'epoch-1';
  clock = 1_700_000_000_000;
  readonly lobby: ModelLog;
  readonly users = new Map<string, User>();
  readonly banned = new Set<string>();
  readonly #personal = new Map<string, Personal>();
  /** Told of every fact right after its commit, with whom it is for; `undefined` is everybody. */
  onFact: (fact: Fact, userId: string | undefined) => void = () => undefined;
  /** Codes that the next writes are refused with, before the log is asked. */
  readonly refusals: { code: ErrorCode; retryAfterMs?: number }[] = [];

  constructor(
    lobbyId: string,
    readonly limits: ModelLimits = { page: 100, resetBeyond: 500, open: 50 },
  ) {
    this.lobby = new ModelLog(lobbyId, 'lobby');
  }

  addUser(user: User): void {
    this.users.set(user.id, user);
    this.#personal.set(user.id, { rev: 0, changes: [] });
  }

  /** As the socket's requests are answered; never throws for what a client can send. */
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

  /** Another database timeline: what was acknowledged after the restored moment is lost, revs begin anew. */
  restore(lobby: ModelLog, epoch: string): void {
    this.epoch = epoch;
    Object.assign(this, { lobby });
  }

  setFloor(floorSeq: number): void {
    this.#commit(this.lobby.raiseFloor(floorSeq));
  }

  ban(userId: string): void {
    if (this.banned.has(userId)) return;
    this.banned.add(userId);
    this.#changeMembership(userId, 'banned');
  }

  unban(userId: string): void {
    if (this.banned.delete(userId)) this.#changeMembership(userId, 'joined');
  }

  #changeMembership(userId: string, state: 'banned' | 'joined'): void {
    const personal = this.#personal.get(userId)!;
    const rev = ++personal.rev;
    const membership = { conversationId: this.lobby.id, role: 'member' as const, state };
    const change: PersonalChange = { kind: 'membership', rev, membership };
    personal.changes.push(change);
    const payload = { epoch: this.epoch, fromRev: rev - 1, toRev: rev, changes: [change], users: [] };
    this.onFact({ name: 'personal:changed', payload }, userId);
  }

  /** As any device of the user does it. */
  setDraft(userId: string, draft: Draft): { rev: number } {
    const personal = this.#personal.get(userId)!;
    const rev = ++personal.rev;
    const change: PersonalChange = { kind: 'draft', rev, draft };
    personal.changes.push(change);
    const payload = { epoch: this.epoch, fromRev: rev - 1, toRev: rev, changes: [change], users: [] };
    this.onFact({ name: 'personal:changed', payload }, userId);
    return { rev };
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
        return this.#send(userId, payload);
      case 'message:edit':
        return this.#edit(userId, payload);
      case 'message:delete':
        return this.#delete(userId, payload);
      case 'message:react':
        return this.#react(userId, payload);
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
    const isSame = epoch === this.epoch;
    const feed = this.#personal.get(userId)!;
    const isReset = !isSame || personal === undefined || personal > feed.rev;
    return {
      epoch: this.epoch,
      serverTime: this.#time(),
      personal: isReset
        ? {
            reset: {
              rev: feed.rev,
              user: this.users.get(userId)!,
              lobbyId: this.lobby.id,
              conversations: this.#mine(userId),
              friends: [],
              blocks: [],
              drafts: [],
              invitations: [],
            },
          }
        : { rev: feed.rev, changes: feed.changes.filter(({ rev }) => rev > personal), more: false },
      conversations: conversations.map(({ rev }) => this.#syncLobby(userId, isSame ? rev : Infinity)),
      users: [...this.users.values()],
    };
  }

  #mine(userId: string) {
    return this.banned.has(userId) ? [] : [this.lobby.conversation()];
  }

  #syncLobby(userId: string, rev: number): ConversationSync {
    const { id: conversationId, floorSeq, seq } = this.lobby;
    if (this.banned.has(userId)) return { conversationId, gone: 'banned' };
    const all = rev > this.lobby.rev ? [] : this.lobby.changedSince(rev);
    if (rev > this.lobby.rev || all.length > this.limits.resetBeyond)
      return { conversationId, reset: this.#snapshot(userId) };
    const changes = all.slice(0, this.limits.page);
    const more = changes.length < all.length;
    const mine = this.lobby.mineOf(userId, seqsOf(changes));
    return { conversationId, rev: more ? changes.at(-1)!.rev : this.lobby.rev, seq, floorSeq, changes, mine, more };
  }

  #snapshot(userId: string): OpenReply {
    const all = this.lobby.messages();
    const messages = all.slice(-this.limits.open);
    return {
      conversation: this.lobby.conversation(),
      messages,
      hasBefore: messages.length < all.length,
      users: [...this.users.values()],
      mine: this.lobby.mineOf(
        userId,
        messages.map(({ seq }) => seq),
      ),
    };
  }

  #open(userId: string, { conversationId, rev }: RequestInput<'conversation:open'>): OpenReply {
    this.#requireReader(userId, conversationId);
    if (rev === undefined || rev > this.lobby.rev) return this.#snapshot(userId);
    const changes = this.lobby.changedSince(rev);
    const mine = this.lobby.mineOf(userId, seqsOf(changes));
    return { conversation: this.lobby.conversation(), changes, users: [], mine };
  }

  #history(
    userId: string,
    { conversationId, before, after, around, limit = 50 }: RequestInput<'conversation:history'>,
  ) {
    this.#requireReader(userId, conversationId);
    const all = this.lobby.messages();
    const upTo = before !== undefined ? before - 1 : around !== undefined ? around + limit / 2 : Infinity;
    const messages =
      after !== undefined
        ? all.filter(({ seq }) => seq > after).slice(0, limit)
        : all
            .filter(({ seq }) => seq <= Math.max(upTo, around === undefined ? 0 : (all[0]?.seq ?? 1) + limit - 1))
            .slice(-limit);
    const mine = this.lobby.mineOf(
      userId,
      messages.map(({ seq }) => seq),
    );
    return {
      messages,
      users: [],
      mine,
      rev: this.lobby.rev,
      hasBefore: (messages[0]?.seq ?? 0) > (all[0]?.seq ?? 0),
      hasAfter: (messages.at(-1)?.seq ?? 0) < (all.at(-1)?.seq ?? 0),
    };
  }

  #send(userId: string, { conversationId, id, body }: RequestInput<'message:send'>) {
    const key = this.lobby.key(id);
    if (key && key.authorId !== userId) throw new Refusal('id_taken');
    if (key) return this.lobby.find(id) ?? { id, seq: key.seq, expired: true };
    this.#requireWriter(userId, conversationId);
    this.#commit(this.lobby.append(userId, id, body, this.#time()));
    return this.lobby.find(id)!;
  }

  #edit(userId: string, { conversationId, id, body, editId }: RequestInput<'message:edit'>): Message {
    this.#requireWriter(userId, conversationId);
    const message = this.#requireMessage(id);
    if (message.authorId !== userId) throw new Refusal('forbidden');
    if (message.deletedAt !== undefined) throw new Refusal('not_found');
    this.#commit(this.lobby.edit(id, body, editId, this.#time()));
    return this.lobby.find(id)!;
  }

  #delete(userId: string, { conversationId, id }: RequestInput<'message:delete'>): Message {
    this.#requireWriter(userId, conversationId);
    if (this.#requireMessage(id).authorId !== userId) throw new Refusal('forbidden');
    this.#commit(this.lobby.delete(id, this.#time()));
    return this.lobby.find(id)!;
  }

  #react(userId: string, { conversationId, id, emoji, on }: RequestInput<'message:react'>): Message {
    this.#requireWriter(userId, conversationId);
    if (this.#requireMessage(id).deletedAt !== undefined) throw new Refusal('not_found');
    this.#commit(this.lobby.react(userId, id, emoji, on));
    return this.lobby.find(id)!;
  }

  #requireReader(userId: string, conversationId: string): void {
    if (conversationId !== this.lobby.id) throw new Refusal('not_found');
    if (this.banned.has(userId)) throw new Refusal('banned');
  }

  #requireWriter(userId: string, conversationId: string): void {
    const refusal = this.refusals.shift();
    if (refusal) throw new Refusal(refusal.code, refusal.retryAfterMs);
    this.#requireReader(userId, conversationId);
  }

  #requireMessage(id: string): Message {
    const message = this.lobby.find(id);
    if (!message) throw new Refusal('not_found');
    return message;
  }

  #commit(change: ConversationChange | undefined): void {
    if (!change) return;
    const { id: conversationId } = this.lobby;
    const payload = {
      epoch: this.epoch,
      conversationId,
      fromRev: change.rev - 1,
      toRev: change.rev,
      changes: [change],
      users: [],
    };
    this.onFact({ name: 'conversation:changed', payload }, undefined);
  }

  #time(): string {
    return new Date(this.clock++).toISOString();
  }
}

function seqsOf(changes: readonly ConversationChange[]): number[] {
  return changes.flatMap((change) =>
    change.kind === 'message' || change.kind === 'deleted' ? [change.message.seq] : [],
  );
}
