import type { ErrorBody, Reply, SessionInfo, User } from '@cloudhop/contracts';
import type { ClientEvent, Effect, Outcome, RequestEffect, Unstamped } from '../core/events';
import { toInspection, toView } from '../core/client-view';
import { initialState, type OutboxEntry, type State } from '../core/state';
import { step } from '../core/step';
import { Timelines } from '../core/timeline';
import { wholeWrite } from '../core/writes';
import type { Client, ClientView, Inspection, Notice, PresenceView, TimelineView } from '../view';
import { AuthorisedCalls, noAnswer, requestTimeoutMs, valueOf } from './authorised-calls';
import { LaneLocks } from './lane-locks';
import { MessageIds } from './message-ids';
import { ClientError, type ClientOptions, type ClientSocket, type HttpOutcome, type NameAndPassword } from './options';
import { StorageWriter } from './storage-writer';

/** Makes a client; it does nothing until `start`. */
export function createClient(options: ClientOptions): Client {
  return new Shell(options);
}

/** Runs the core: gives it what happened, does what it asks for. */
class Shell implements Client {
  #state: State;
  #view: ClientView | undefined;
  readonly #timelines = new Timelines();
  readonly #ids = new MessageIds();
  readonly #listeners = new Set<() => void>();
  readonly #authorised: AuthorisedCalls;
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  readonly #lanes: LaneLocks | undefined;
  readonly #sockets = new Map<number, ClientSocket>();
  #writer: StorageWriter | undefined;
  #cancelWake: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #isTelling = false;
  #isStepping = false;
  readonly #queued: Unstamped[] = [];

  constructor(private readonly options: ClientOptions) {
    const tabId = options.tabId ?? this.#ids.next(options.timer.now());
    this.#state = initialState({ tabId, hasLocks: options.locks !== undefined });
    const holder = {
      token: () => this.#state.session.token,
      rejected: (token: string) => this.#happen({ type: 'tokenRejected', token }),
      subscribe: (listener: () => void) => this.subscribe(listener),
    };
    this.#authorised = new AuthorisedCalls(holder, options.timer);
    if (options.locks) {
      this.#lanes = new LaneLocks(options.locks, {
        claimed: (conversationId, asked) => this.#claimed(conversationId, asked),
        lost: (conversationId) => this.#happen({ type: 'claimLost', conversationId }),
      });
    }
  }

  get view(): ClientView {
    this.#view ??= toView(this.#state, this.options.timer.now());
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => this.#noticeListeners.delete(listener);
  }

  async start(): Promise<void> {
    this.#stopListening ??= this.options.lifecycle?.onWake(() => {
      this.#happen({ type: 'woken' });
      if (this.#state.userId !== undefined) this.#lanes?.stealWaiting(this.#state.userId);
    });
    this.options.channel?.listen((message) => this.#heardFromTab(message));
    const last = await this.options.storage.lastUser().catch(() => undefined);
    if (last) {
      const snapshot = await this.#openStorage(last.userId);
      this.#happen({ type: 'restored', ...last, ...(snapshot && { snapshot }) });
    }
    this.#happen({ type: 'started' });
  }

  async stop(): Promise<void> {
    this.#happen({ type: 'stopped' });
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#cancelWake?.();
    this.#lanes?.releaseAll();
    this.options.channel?.close();
    await this.#writer?.close();
  }

  tryNow(): void {
    this.#happen({ type: 'triedNow' });
  }

  timeline(conversationId: string): TimelineView | undefined {
    return this.#timelines.view(this.#state, conversationId);
  }

  presence(conversationId: string): PresenceView | undefined {
    const presence = this.#state.presence.get(conversationId);
    return presence?.isCurrent === true || (presence && presence.count > 0) ? presence : undefined;
  }

  send(conversationId: string, body: string): string {
    const id = this.#nextId();
    this.#happen({ type: 'send', conversationId, id, body });
    return id;
  }

  edit(conversationId: string, messageId: string, body: string): void {
    this.#happen({ type: 'edit', conversationId, messageId, entryId: this.#nextId(), body });
  }

  remove(conversationId: string, messageId: string): void {
    this.#happen({ type: 'remove', conversationId, messageId, entryId: this.#nextId() });
  }

  undoRemove(entryId: string): void {
    this.#happen({ type: 'undoRemove', entryId });
  }

  react(conversationId: string, messageId: string, emoji: string, on: boolean): void {
    this.#happen({ type: 'react', conversationId, messageId, entryId: this.#nextId(), emoji, on });
  }

  retry(entryId: string): void {
    this.#happen({ type: 'retry', entryId });
  }

  discard(entryId: string): void {
    this.#happen({ type: 'discard', entryId });
  }

  loadBefore(conversationId: string): void {
    this.#happen({ type: 'loadBefore', conversationId });
  }

  markRead(conversationId: string, seq: number): void {
    this.#happen({ type: 'markRead', conversationId, seq });
  }

  setHidden(isHidden: boolean): void {
    this.#happen({ type: 'setHidden', isHidden });
  }

  async rename(displayName: string): Promise<User> {
    const user = await this.#authorised.ask((token) => this.options.api.rename(token, displayName));
    this.#happen({ type: 'learned', users: [user] });
    return user;
  }

  async register(account: NameAndPassword): Promise<void> {
    const session = await this.#authorised.ask((token) => this.options.api.register(token, account));
    this.#happen({ type: 'signedIn', session });
  }

  async logIn(account: NameAndPassword): Promise<void> {
    this.#happen({ type: 'signedIn', session: valueOf(await this.options.api.logIn(account)) });
  }

  async recover(recovery: { code: string; password?: string }): Promise<void> {
    this.#happen({ type: 'signedIn', session: valueOf(await this.options.api.recover(recovery)) });
  }

  async makeRecoveryCodes(password?: string): Promise<string[]> {
    const proof = password === undefined ? {} : { password };
    return (await this.#authorised.ask((token) => this.options.api.makeRecoveryCodes(token, proof))).codes;
  }

  changePassword(change: { current: string; next: string }): Promise<void> {
    return this.#authorised.ask((token) => this.options.api.changePassword(token, change));
  }

  async listSessions(): Promise<SessionInfo[]> {
    return (await this.#authorised.ask((token) => this.options.api.listSessions(token))).items;
  }

  endSession(sessionId: string): Promise<void> {
    return this.#authorised.ask((token) => this.options.api.endSession(token, sessionId));
  }

  async endSessions(): Promise<void> {
    await this.#authorised.ask((token) => this.options.api.endSessions(token));
    this.#happen({ type: 'loggedOut' });
  }

  async listPresence(
    conversationId: string,
    cursor?: string,
  ): Promise<{ items: User[]; nextCursor?: string; count: number }> {
    const socket = this.#sockets.get(this.#state.connection.socket);
    if (!socket) throw new ClientError({ code: 'unavailable', message: 'There is no connection.' });
    const payload = { conversationId, ...(cursor !== undefined && { cursor }) };
    const reply = (await socket.request('presence:list', payload, requestTimeoutMs)) as Reply<{
      items: User[];
      nextCursor?: string;
      count: number;
    }>;
    if (!reply.ok) throw new ClientError(reply.error);
    this.#happen({ type: 'learned', users: reply.data.items });
    return reply.data;
  }

  async logOut(): Promise<void> {
    const outcome = await this.options.api.logOut();
    if (!outcome.ok && outcome.error?.code !== 'unauthenticated' && outcome.error?.code !== 'session_ended')
      throw new ClientError(outcome.error ?? noAnswer);
    this.#happen({ type: 'loggedOut' });
  }

  inspect(): Inspection {
    return toInspection(this.#state, this.options.timer.now());
  }

  #nextId(): string {
    return this.#ids.next(this.options.timer.now() + (this.#state.clockOffset ?? 0));
  }

  /** Effects can cause events; they wait until the step that caused them is done. */
  #happen(event: Unstamped): void {
    this.#queued.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#queued.shift(); next; next = this.#queued.shift()) {
        const stamped: ClientEvent = { ...next, now: this.options.timer.now(), random: this.options.random() };
        const { state, effects } = step(this.#state, stamped);
        if (state !== this.#state) this.#changed(state);
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#isStepping = false;
    }
  }

  #changed(state: State): void {
    this.#state = state;
    this.#view = undefined;
    this.#cancelWake?.();
    this.#cancelWake =
      state.wakeAt === undefined
        ? undefined
        : this.options.timer.after(Math.max(0, state.wakeAt - this.options.timer.now()), () =>
            this.#happen({ type: 'ticked' }),
          );
    if (this.#isTelling) return;
    this.#isTelling = true;
    // Once per task: a frame of a hundred changes is one picture.
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'session':
        return void this.#askForSession(effect.asked, effect.way);
      case 'load':
        return void this.#load(effect.userId);
      case 'wipe': {
        const writer = this.#writer;
        this.#writer = undefined;
        this.options.channel?.post({ type: 'wiped', userId: effect.userId });
        void this.options.storage.setLastUser(undefined).catch(() => undefined);
        return void writer?.wipe();
      }
      case 'connect':
        return this.#connect(effect.socket, effect.token, effect.isHidden);
      case 'disconnect':
        this.#sockets.get(effect.socket)?.close();
        return void this.#sockets.delete(effect.socket);
      case 'request':
        return void this.#request(effect);
      case 'write':
        if (effect.write.kind === 'personal') this.#rememberUser();
        return this.#writer?.write(effect.write);
      case 'storeEntry':
        if (this.#writer) return this.#writer.storeEntry(effect.entry);
        return void queueMicrotask(() => this.#happen({ type: 'entryStored', entryId: effect.entry.entryId }));
      case 'dropEntry':
        return this.#writer?.dropEntry(effect.entryId);
      case 'claim':
        return this.#lanes?.claim(this.#state.userId!, effect.conversationId, effect.asked);
      case 'release':
        return this.#lanes?.release(effect.conversationId);
      case 'notice':
        for (const listener of this.#noticeListeners) listener(effect.notice);
    }
  }

  /** Tabs share one cookie: under one lock, where there is one, they refresh it one after the other. */
  async #askForSession(asked: number, way: 'guest' | 'refresh'): Promise<void> {
    type Answer = Awaited<ReturnType<ClientOptions['api']['guest']>>;
    let outcome: Answer = { ok: false };
    const ask = async () => {
      outcome = await (way === 'guest' ? this.options.api.guest() : this.options.api.refresh());
    };
    if (this.options.locks) await this.options.locks.request('session', {}, ask).catch(() => undefined);
    else await ask();
    const { serverTime } = outcome as HttpOutcome<unknown> & { serverTime?: number };
    this.#happen({
      type: 'sessionAnswered',
      asked,
      outcome: toOutcome(outcome),
      ...(serverTime !== undefined && { serverTime }),
    });
  }

  async #load(userId: string): Promise<void> {
    const snapshot = await this.#openStorage(userId);
    this.#happen({ type: 'restored', userId, ...(snapshot && { snapshot }) });
  }

  async #openStorage(userId: string) {
    const storage = await this.options.storage.open(userId).catch(() => undefined);
    if (!storage) return undefined;
    this.#writer = new StorageWriter(storage, {
      entryStored: (entryId) => this.#happen({ type: 'entryStored', entryId }),
      outboxChanged: () => this.options.channel?.post({ type: 'outbox', userId }),
      wholeWrite: (conversationId) => wholeWrite(this.#state, conversationId),
    });
    const snapshot = await this.#writer.load();
    for (const { entryId } of snapshot?.outbox ?? []) this.#ids.goAbove(entryId);
    return snapshot;
  }

  #rememberUser(): void {
    const { userId, lobbyId } = this.#state;
    if (userId === undefined) return;
    const last = { userId, ...(lobbyId !== undefined && { lobbyId }) };
    void this.options.storage.setLastUser(last).catch(() => undefined);
  }

  /** Whoever drained before left the outbox in storage as it is now. */
  #claimed(conversationId: string, asked: number): void {
    const claimed = () => this.#happen({ type: 'claimed', conversationId, asked });
    const { userId } = this.#state;
    if (!this.#writer || userId === undefined) return claimed();
    const loaded = (entries: readonly OutboxEntry[]) =>
      this.#happen({ type: 'outboxLoaded', userId, entries, conversationId });
    this.#writer.readOutbox(loaded, claimed);
  }

  #heardFromTab(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message) || !('userId' in message)) return;
    const { userId } = this.#state;
    if (userId === undefined || message.userId !== userId) return;
    if (message.type === 'outbox')
      this.#writer?.readOutbox((entries) => this.#happen({ type: 'outboxLoaded', userId, entries }));
    // Another tab logged out: the server tells this one's socket; nothing more may be stored here.
    if (message.type === 'wiped') this.#writer = undefined;
  }

  #connect(socket: number, token: string, hidden: boolean): void {
    const connection = this.options.connect(
      { token, hidden },
      {
        connected: () => this.#happen({ type: 'connected', socket }),
        failed: (error) => {
          this.#sockets.delete(socket);
          this.#happen({ type: 'connectFailed', socket, ...(error && { error }) });
        },
        disconnected: () => {
          this.#sockets.delete(socket);
          this.#happen({ type: 'disconnected', socket });
        },
        told: (name, payload) => this.#happen({ type: 'told', socket, fact: { name, payload } as never }),
      },
    );
    this.#sockets.set(socket, connection);
  }

  async #request({ socket, requestId, name, payload }: RequestEffect): Promise<void> {
    let outcome: Outcome;
    try {
      const connection = this.#sockets.get(socket);
      if (!connection) throw new Error('the socket is gone');
      outcome = toOutcome((await connection.request(name, payload, requestTimeoutMs)) as Reply<unknown>);
    } catch {
      outcome = { ok: false };
    }
    this.#happen({ type: 'answered', socket, requestId, outcome });
  }
}

function toOutcome<T>(reply: { ok: true; data: T } | { ok: false; error?: ErrorBody }): Outcome<T> {
  if (reply.ok) return { ok: true, data: reply.data };
  return reply.error ? { ok: false, error: reply.error } : { ok: false };
}
