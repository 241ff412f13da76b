import type {
  AvatarColor,
  ErrorBody,
  Reply,
  RequestInput,
  RequestReply,
  RouteBodyInput,
  RouteReply,
  User,
} from '@cloudhop/contracts';
import type { ClientEvent, Effect, Outcome, RequestEffect, Unstamped } from '../core/events';
import { toInspection, toView } from '../core/client-view';
import { initialState, type OutboxEntry, type State } from '../core/state';
import { step } from '../core/step';
import { Summaries } from '../core/summaries';
import { Timelines } from '../core/timeline';
import { TypingViews } from '../core/typing';
import { wholeWrite } from '../core/writes';
import type { AskName, Client, ClientView, Inspection, Notice, PresenceView, TimelineView, TypingView } from '../view';
import { AuthorisedCalls, noAnswer, noConnection, requestTimeoutMs, valueOf } from './authorised-calls';
import { CookieCalls } from './cookie-calls';
import { LaneLocks } from './lane-locks';
import { MessageIds } from './message-ids';
import {
  ClientError,
  type ClientOptions,
  type ClientSocket,
  type NameAndPassword,
  type PageRoute,
  type RouteCall,
} from './options';
import { StorageWriter } from './storage-writer';
import { Verbs } from './verbs';

/** Makes a client; it does nothing until `start`. */
export function createClient(options: ClientOptions): Client {
  return new Shell(options);
}

/** Runs the core: gives it what happened, does what it asks for. */
class Shell extends Verbs implements Client {
  #state: State;
  #view: ClientView | undefined;
  readonly #timelines = new Timelines();
  readonly #summaries = new Summaries();
  readonly #typing = new TypingViews();
  readonly #ids = new MessageIds();
  readonly #listeners = new Set<() => void>();
  readonly #authorised: AuthorisedCalls;
  readonly #cookieCalls: CookieCalls;
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  readonly #lanes: LaneLocks | undefined;
  readonly #sockets = new Map<number, ClientSocket>();
  #writer: StorageWriter | undefined;
  #cancelWake: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #isTelling = false;
  #isStepping = false;
  readonly #queued: Unstamped[] = [];
  /** Tells the core that nothing can be stored. */
  readonly #storageRefused = (): undefined => void this.dispatch({ type: 'storageRefused' });

  constructor(private readonly options: ClientOptions) {
    super();
    const tabId = options.tabId ?? this.#ids.next(options.timer.now());
    this.#state = initialState({ tabId, hasLocks: options.locks !== undefined });
    const holder = {
      token: () => this.#state.session.token,
      rejected: (token: string) => this.dispatch({ type: 'tokenRejected', token }),
      subscribe: (listener: () => void) => this.subscribe(listener),
    };
    this.#authorised = new AuthorisedCalls(holder, options.timer);
    const refused = () => this.dispatch({ type: 'locksRefused' });
    this.#cookieCalls = new CookieCalls(options, { has: () => this.#state.hasLocks, refused });
    if (options.locks) {
      this.#lanes = new LaneLocks(options.locks, {
        claimed: (conversationId, asked) => this.#claimed(conversationId, asked),
        lost: (conversationId) => this.dispatch({ type: 'claimLost', conversationId }),
        refused,
      });
    }
  }

  get view(): ClientView {
    this.#view ??= toView(this.#state, this.options.timer.now(), this.#summaries);
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
    const woken = () => {
      this.dispatch({ type: 'woken' });
      if (this.#state.userId !== undefined) this.#lanes?.stealWaiting(this.#state.userId);
    };
    this.#stopListening ??= this.options.lifecycle?.listen(woken, () => this.dispatch({ type: 'offlineHinted' }));
    this.options.channel?.listen((message) => this.#heardFromTab(message));
    const last = await this.options.storage.lastUser().catch(this.#storageRefused);
    if (last) {
      const snapshot = await this.#openStorage(last.userId);
      this.dispatch({ type: 'restored', ...last, ...(snapshot && { snapshot }) });
    }
    this.dispatch({ type: 'started' });
  }

  async stop(): Promise<void> {
    this.dispatch({ type: 'stopped' });
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#cancelWake?.();
    this.#lanes?.releaseAll();
    this.options.channel?.close();
    await this.#writer?.close();
  }

  tryNow(): void {
    this.dispatch({ type: 'triedNow' });
  }

  timeline(conversationId: string): TimelineView | undefined {
    return this.#timelines.view(this.#state, conversationId);
  }

  presence(conversationId: string): PresenceView | undefined {
    const presence = this.#state.presence.get(conversationId);
    return presence?.isCurrent === true || (presence && presence.count > 0) ? presence : undefined;
  }

  typing(conversationId: string): TypingView {
    return this.#typing.view(this.#state, conversationId);
  }

  async ask<N extends AskName>(name: N, payload: RequestInput<N>): Promise<RequestReply<N>> {
    const socket = this.#sockets.get(this.#state.connection.socket);
    if (!socket || this.#state.connection.status !== 'open') throw new ClientError(noConnection);
    const answer = socket.request(name, payload, requestTimeoutMs) as Promise<Reply<RequestReply<N>>>;
    const reply = await answer.catch(() => ({ ok: false as const, error: noAnswer }));
    if (!reply.ok) throw new ClientError(reply.error);
    const { data } = reply;
    if ('items' in data) this.dispatch({ type: 'learned', users: data.items });
    if ('user' in data) this.dispatch({ type: 'learned', users: [data.user] });
    return data;
  }

  call<N extends PageRoute>(name: N, input: RouteCall<N>): Promise<RouteReply<N>> {
    return this.#authorised.ask((token) => this.options.api.call(name, input, token));
  }

  async changeProfile(body: { displayName?: string; color?: AvatarColor }): Promise<User> {
    const user = await this.call('auth.change', { body });
    this.dispatch({ type: 'learned', users: [user] });
    return user;
  }

  async openDirect(userId: string): Promise<string> {
    const { id } = await this.call('conversations.direct', { body: { userId } });
    this.open(id);
    return id;
  }

  async createGroup({ userIds, ...group }: Parameters<Client['createGroup']>[0]): Promise<string> {
    const { id } = await this.call('groups.create', { body: { id: this.nextId(), ...group, userIds: [...userIds] } });
    this.open(id);
    return id;
  }

  async joinGroup(id: string): Promise<void> {
    await this.call('groups.join', { params: { id } });
    this.open(id);
  }

  async createRoom(room: Parameters<Client['createRoom']>[0]): Promise<{ id: string; slug: string }> {
    const { id, slug = '' } = await this.call('rooms.create', { body: { id: this.nextId(), ...room } });
    this.open(id);
    return { id, slug };
  }

  async joinRoom(slug: string, invite?: string): Promise<string> {
    const { id } = await this.ask('room:join', { slug, ...(invite !== undefined && { invite }) });
    this.open(id);
    return id;
  }

  async leaveRoom(conversationId: string): Promise<void> {
    await this.ask('room:leave', { slug: conversationId });
  }

  async register(body: NameAndPassword): Promise<void> {
    const register = (token: string) => this.#cookieCalls.call('auth.register', { body }, { token });
    this.dispatch({ type: 'signedIn', session: await this.#authorised.ask(register) });
  }

  async logIn(body: NameAndPassword): Promise<void> {
    this.dispatch({ type: 'signedIn', session: valueOf(await this.#cookieCalls.call('auth.login', { body })) });
  }

  async recover(body: RouteBodyInput<'auth.recover'>): Promise<void> {
    const session = valueOf(await this.#cookieCalls.call('auth.recover', { body }));
    this.dispatch({ type: 'signedIn', session });
  }

  async endSessions(): Promise<void> {
    await this.call('auth.endSessions', {});
    this.dispatch({ type: 'loggedOut' });
  }

  async deleteAccount(password?: string): Promise<void> {
    await this.call('auth.delete', { body: { ...(password !== undefined && { password }) } });
    this.dispatch({ type: 'loggedOut' });
  }

  async logOut(): Promise<void> {
    const outcome = await this.#cookieCalls.logOut();
    if (!outcome.ok && outcome.error?.code !== 'unauthenticated' && outcome.error?.code !== 'session_ended')
      throw new ClientError(outcome.error ?? noAnswer);
    this.dispatch({ type: 'loggedOut' });
  }

  inspect(): Inspection {
    return toInspection(this.#state, this.options.timer.now());
  }

  protected override nextId(): string {
    return this.#ids.next(this.options.timer.now() + (this.#state.clockOffset ?? 0));
  }

  /** Effects can cause events; they wait until the step that caused them is done. */
  protected override dispatch(event: Unstamped): void {
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
            this.dispatch({ type: 'ticked' }),
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
      case 'wipe':
        this.options.channel?.post({ type: 'wiped', userId: effect.userId });
        return void this.#leaveStorage()?.wipe();
      case 'leaveStored':
        return void this.#leaveStorage()?.close();
      case 'connect':
        return this.#connect(effect.socket, { token: effect.token, hidden: effect.isHidden, idle: effect.isIdle });
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
        return void queueMicrotask(() => this.dispatch({ type: 'entryStored', entryId: effect.entry.entryId }));
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

  async #askForSession(asked: number, way: 'guest' | 'refresh'): Promise<void> {
    // Registering or logging in had the lock before, and has brought a session.
    const isWanted = () => this.#state.session.asking === asked;
    const outcome = await this.#cookieCalls.call(`auth.${way}`, {}, { isWanted });
    const time = outcome.ok && outcome.serverTime !== undefined ? { serverTime: outcome.serverTime } : {};
    this.dispatch({ type: 'sessionAnswered', asked, outcome: toOutcome(outcome), ...time });
  }

  async #load(userId: string): Promise<void> {
    const snapshot = await this.#openStorage(userId);
    this.dispatch({ type: 'restored', userId, ...(snapshot && { snapshot }) });
  }

  async #openStorage(userId: string) {
    const storage = await this.options.storage.open(userId).catch(this.#storageRefused);
    if (!storage) return undefined;
    this.#writer = new StorageWriter(storage, {
      entryStored: (entryId) => this.dispatch({ type: 'entryStored', entryId }),
      outboxChanged: () => this.options.channel?.post({ type: 'outbox', userId }),
      wholeWrite: (conversationId) => wholeWrite(this.#state, conversationId),
      broken: this.#storageRefused,
    });
    const snapshot = await this.#writer.load();
    for (const { entryId } of snapshot?.outbox ?? []) this.#ids.goAbove(entryId);
    return snapshot;
  }

  #leaveStorage(): StorageWriter | undefined {
    const writer = this.#writer;
    this.#writer = undefined;
    void this.options.storage.setLastUser(undefined).catch(() => undefined);
    return writer;
  }

  #rememberUser(): void {
    const { userId, lobbyId } = this.#state;
    if (userId === undefined) return;
    const last = { userId, ...(lobbyId !== undefined && { lobbyId }) };
    void this.options.storage.setLastUser(last).catch(() => undefined);
  }

  /** Whoever drained before left the outbox in storage as it is now. */
  #claimed(conversationId: string, asked: number): void {
    const claimed = () => this.dispatch({ type: 'claimed', conversationId, asked });
    const { userId } = this.#state;
    if (!this.#writer || userId === undefined) return claimed();
    const loaded = (entries: readonly OutboxEntry[]) =>
      this.dispatch({ type: 'outboxLoaded', userId, entries, conversationId });
    this.#writer.takeOver(loaded, claimed);
  }

  #heardFromTab(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message) || !('userId' in message)) return;
    const { userId } = this.#state;
    if (userId === undefined || message.userId !== userId) return;
    if (message.type === 'outbox')
      this.#writer?.readOutbox((entries) => this.dispatch({ type: 'outboxLoaded', userId, entries }));
    // Another tab logged out: the server tells this one's socket; nothing more may be stored here.
    if (message.type === 'wiped') this.#writer = undefined;
  }

  #connect(socket: number, auth: Parameters<ClientOptions['connect']>[0]): void {
    const connection = this.options.connect(auth, {
      connected: () => this.dispatch({ type: 'connected', socket }),
      failed: (error) => {
        this.#sockets.delete(socket);
        this.dispatch({ type: 'connectFailed', socket, ...(error && { error }) });
      },
      disconnected: () => {
        this.#sockets.delete(socket);
        this.dispatch({ type: 'disconnected', socket });
      },
      factReceived: (name, payload) =>
        this.dispatch({ type: 'factReceived', socket, fact: { name, payload } as never }),
    });
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
    this.dispatch({ type: 'answered', socket, requestId, outcome });
  }
}

function toOutcome<T>(reply: { ok: true; data: T } | { ok: false; error?: ErrorBody }): Outcome<T> {
  if (reply.ok) return { ok: true, data: reply.data };
  return reply.error ? { ok: false, error: reply.error } : { ok: false };
}
