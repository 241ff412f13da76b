import {
  type ClientEvent,
  type Effect,
  type OutboxEntry,
  type State,
  type StoredUser,
  type StoredWrite,
  Timelines,
  type Unstamped,
  applyConversation,
  applyEntry,
  applyPersonal,
  emptyUser,
  initialState,
  step,
  toSnapshot,
  wholeWrite,
} from '@cloudhop/sdk/testing';
import { Link } from './link';
import type { BrowserPart, LaneClaim, LinkPart, TabMessage, TabPart } from './parts';

/** Writing takes up to so long; a page that is closed meanwhile has not written. */
const storageDelayMs = 15;
const connectTimeoutMs = 10_000;

interface Writer {
  readonly userId: string;
  readonly user: StoredUser;
  readonly generation: number;
  readonly jobs: (() => void)[];
  readonly dropping: Set<string>;
  isBusy: boolean;
}

/** A page: the client's pure core, with everything around it that its shell does, on simulated time. */
export class Tab implements TabPart {
  state: State;
  readonly timelines = new Timelines();
  #link: Link | undefined;
  #writer: Writer | undefined;
  #wakeAt = Infinity;
  /** Counts loads of the page: what an earlier one waits for never comes. */
  #life = 0;
  #isStepping = false;
  readonly #queued: Unstamped[] = [];
  /** Texts that this page sent, in order. */
  readonly sent: string[] = [];
  /** Number of its requests, without renewals of its token. */
  requests = 0;

  constructor(
    readonly browser: BrowserPart,
    readonly id: string,
  ) {
    this.state = this.#fresh();
  }

  get link(): Link | undefined {
    return this.#link;
  }

  boot(): void {
    const { lastUser } = this.browser;
    this.#after(1, () => {
      if (lastUser) {
        const snapshot = toSnapshot(this.#open(lastUser.userId));
        this.dispatch({ type: 'restored', ...lastUser, snapshot });
      }
      this.dispatch({ type: 'started' });
    });
  }

  /** The page is loaded again: only what was stored remains. */
  reload(): void {
    this.#life++;
    const link = this.#link;
    this.#link = undefined;
    link?.close();
    this.browser.release(this, undefined);
    this.#writer = undefined;
    this.#wakeAt = Infinity;
    this.#queued.length = 0;
    this.state = this.#fresh();
    this.boot();
  }

  dispatch(event: Unstamped): void {
    this.#queued.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    const { clock, chance, laws } = this.browser.world;
    for (let next = this.#queued.shift(); next; next = this.#queued.shift()) {
      const stamped: ClientEvent = { ...next, now: clock.now, random: chance.next() };
      const before = this.state;
      const { state, effects } = step(before, stamped);
      this.state = state;
      laws.onStep(this, before, stamped);
      for (const effect of effects) this.#perform(effect);
    }
    this.#isStepping = false;
    this.#planWake();
  }

  hear(link: LinkPart, event: Unstamped): void {
    if (link !== this.#link) return;
    if (event.type === 'disconnected' || event.type === 'connectFailed') this.#link = undefined;
    this.dispatch(event);
  }

  heardFromTab({ type, userId }: TabMessage): void {
    if (userId !== this.state.account.userId) return;
    if (type === 'outbox') this.#readOutbox((entries) => this.dispatch({ type: 'outboxLoaded', userId, entries }));
    else this.#writer = undefined;
  }

  /** Reads the outbox as the lane's last holder left it in storage. */
  claimed({ conversationId, claimId }: Pick<LaneClaim, 'conversationId' | 'claimId'>): void {
    const life = this.#life;
    const claimed = () => {
      if (life === this.#life) this.dispatch({ type: 'claimed', conversationId, claimId });
    };
    const {
      account: { userId },
    } = this.state;
    if (!this.#writer || userId === undefined) return this.#after(1, claimed);
    this.#readOutbox((entries) => {
      this.dispatch({ type: 'outboxLoaded', userId, entries, conversationId });
      claimed();
    });
  }

  claimLost(conversationId: string): void {
    this.#after(0, () => this.dispatch({ type: 'claimLost', conversationId }));
  }

  lookAt(): void {
    this.dispatch({ type: 'woken' });
    this.browser.steal(this);
  }

  logOut(): void {
    this.browser.logOut((isDone) => {
      if (isDone) this.dispatch({ type: 'loggedOut' });
    });
  }

  #fresh(): State {
    return initialState({ tabId: this.id, hasLocks: this.browser.hasLocks });
  }

  #after(ms: number, run: () => void): void {
    const life = this.#life;
    this.browser.world.clock.after(ms, () => {
      if (life === this.#life) run();
    });
  }

  #planWake(): void {
    const { wakeAt } = this.state;
    if (wakeAt === undefined || wakeAt >= this.#wakeAt) return;
    this.#wakeAt = wakeAt;
    this.#after(Math.max(0, wakeAt - this.browser.world.clock.now), () => {
      if (this.#wakeAt !== wakeAt) return;
      this.#wakeAt = Infinity;
      if (this.state.wakeAt !== undefined && this.state.wakeAt <= this.browser.world.clock.now)
        this.dispatch({ type: 'ticked' });
      else this.#planWake();
    });
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'session': {
        const life = this.#life;
        return this.browser.askForSession(effect.way, (outcome) => {
          if (life !== this.#life) return;
          const serverTime = outcome.ok ? { serverTime: this.browser.world.clock.now } : {};
          this.dispatch({ type: 'sessionAnswered', requestId: effect.requestId, outcome, ...serverTime });
        });
      }
      case 'load':
        return this.#after(1, () => {
          const snapshot = toSnapshot(this.#open(effect.userId));
          this.dispatch({ type: 'restored', userId: effect.userId, snapshot });
        });
      case 'wipe':
        return this.#wipe(effect.userId);
      case 'leaveStored':
        return;
      case 'connect':
        return this.#connect(effect.socket, effect.token);
      case 'disconnect': {
        const link = this.#link;
        this.#link = undefined;
        return link?.close();
      }
      case 'request':
        if (effect.name !== 'session:renew') this.requests++;
        if (this.#link?.socket === effect.socket) this.#link.request(effect);
        return;
      case 'write':
        if (effect.write.kind === 'personal') this.#rememberUser();
        return this.#write(effect.write);
      case 'storeEntry':
        return this.#storeEntry(effect.entry);
      case 'dropEntry':
        return this.#dropEntry(effect.entryId);
      case 'claim':
        return this.browser.claim({ ...effect, tab: this }, this.state.account.userId!);
      case 'release':
        return this.browser.release(this, effect.conversationId);
      case 'notice':
        return;
    }
  }

  #connect(socket: number, token: string): void {
    const { world } = this.browser;
    const node = this.browser.isOnline ? world.someNode() : undefined;
    if (!node) return this.#after(5, () => this.dispatch({ type: 'connectFailed', socket }));
    const link = new Link(world, this, node, socket);
    this.#link = link;
    this.#after(world.chance.between(0, world.weather.delayMs), () => {
      if (!link.isOpen || !node.isUp) return;
      node.connect(link, token);
    });
    this.#after(connectTimeoutMs, () => {
      if (this.#link !== link || this.state.connection.status !== 'opening') return;
      link.close();
      this.hear(link, { type: 'connectFailed', socket });
    });
  }

  #open(userId: string): StoredUser {
    const user = this.browser.storageOf(userId);
    this.#writer = { userId, user, generation: user.generation, jobs: [], dropping: new Set(), isBusy: false };
    return user;
  }

  #rememberUser(): void {
    const {
      account: { userId, lobbyId },
    } = this.state;
    if (userId !== undefined) this.browser.lastUser = { userId, ...(lobbyId !== undefined && { lobbyId }) };
  }

  #wipe(userId: string): void {
    const writer = this.#writer;
    this.#writer = undefined;
    this.browser.post(this, { type: 'wiped', userId });
    this.browser.lastUser = undefined;
    if (!writer) return;
    // Not bound to this page's life: a page that is gone has asked for it already.
    const { user } = writer;
    this.browser.world.clock.after(storageDelayMs, () => {
      Object.assign(user, emptyUser(), { generation: user.generation + 1 });
    });
  }

  #write(write: StoredWrite): void {
    this.#job((writer) => {
      if (writer.generation !== writer.user.generation) return;
      if (write.kind === 'personal') return void applyPersonal(writer.user, write);
      if (applyConversation(writer.user, write) !== 'behind') return;
      const whole = wholeWrite(this.state, write.conversationId);
      if (whole) applyConversation(writer.user, whole);
    });
  }

  #storeEntry(entry: OutboxEntry): void {
    if (!this.#writer) return this.#after(0, () => this.dispatch({ type: 'entryStored', entryId: entry.entryId }));
    this.#job((writer) => {
      if (writer.generation === writer.user.generation) {
        applyEntry(writer.user, entry);
        this.browser.world.laws.onStored(this, entry);
      }
      this.dispatch({ type: 'entryStored', entryId: entry.entryId });
      this.browser.post(this, { type: 'outbox', userId: writer.userId });
    });
  }

  #dropEntry(entryId: string): void {
    this.#writer?.dropping.add(entryId);
    this.#job((writer) => {
      writer.user.outbox.delete(entryId);
      writer.dropping.delete(entryId);
      this.browser.post(this, { type: 'outbox', userId: writer.userId });
    });
  }

  #readOutbox(tell: (entries: readonly OutboxEntry[]) => void): void {
    this.#job((writer) =>
      tell([...writer.user.outbox.values()].filter(({ entryId }) => !writer.dropping.has(entryId))),
    );
  }

  /** One after the other, each a while after it was asked for. */
  #job(work: (writer: Writer) => void): void {
    const writer = this.#writer;
    if (!writer) return;
    writer.jobs.push(() => work(writer));
    if (writer.isBusy) return;
    writer.isBusy = true;
    const next = () =>
      this.#after(this.browser.world.chance.between(0, storageDelayMs), () => {
        writer.jobs.shift()!();
        if (writer.jobs.length > 0) next();
        else writer.isBusy = false;
      });
    next();
  }
}
