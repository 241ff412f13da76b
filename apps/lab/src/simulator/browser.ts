import type { ErrorCode, Session } from '@cloudhop/contracts';
import { type Outcome, type StoredUser, emptyUser } from '@cloudhop/sdk/testing';
import type { BrowserPart, LaneClaim, TabMessage, TabPart, WorldPart } from './parts';
import type { Cookie, SimulatedSessions } from './sessions';
import { Tab } from './tab';
import { type Refusal, toBody } from './tasks';

interface BrowserWorld extends WorldPart {
  readonly sessions: SimulatedSessions;
}

interface Lock {
  holder: LaneClaim | undefined;
  readonly waiting: LaneClaim[];
}

const restTimeoutMs = 10_000;

/** Cookie, storage, locks and messages that the tabs of one device share. */
export class Browser implements BrowserPart {
  cookie: Cookie | undefined;
  isOnline = true;
  lastUser: { userId: string; lobbyId?: string } | undefined;
  readonly tabs: Tab[] = [];
  readonly #storage = new Map<string, StoredUser>();
  readonly #locks = new Map<string, Lock>();
  #isRefreshing = false;
  readonly #refreshes: (() => void)[] = [];

  constructor(
    readonly world: BrowserWorld,
    readonly name: string,
    readonly hasLocks: boolean,
  ) {}

  openTab(): Tab {
    const tab = new Tab(this, `${this.name}${this.tabs.length}`);
    this.tabs.push(tab);
    tab.boot();
    return tab;
  }

  storageOf(userId: string): StoredUser {
    const user = this.#storage.get(userId) ?? emptyUser();
    this.#storage.set(userId, user);
    return user;
  }

  /** Every text that this device has stored of a conversation. */
  storedTexts(userId: string, conversationId: string): number {
    return this.#storage.get(userId)?.rows.get(conversationId)?.size ?? 0;
  }

  post(from: TabPart, message: TabMessage): void {
    for (const tab of this.tabs) if (tab !== from) this.world.clock.after(1, () => tab.heardFromTab(message));
  }

  /** Asks for a session; under the one lock where there are locks. */
  askForSession(way: 'guest' | 'refresh', done: (outcome: Outcome<Session>) => void): void {
    if (!this.hasLocks) return this.#rest(way, done);
    const ask = () => {
      this.#isRefreshing = true;
      this.#rest(way, (outcome) => {
        this.#isRefreshing = false;
        done(outcome);
        this.#refreshes.shift()?.();
      });
    };
    if (this.#isRefreshing) this.#refreshes.push(ask);
    else ask();
  }

  logOut(done: (isDone: boolean) => void): void {
    const { world, cookie } = this;
    const node = world.someNode();
    if (!node || !cookie || this.#isLost()) return done(false);
    node.run(world.sessions.end(node, cookie.sessionId), (outcome) => {
      if (!outcome.ok || this.#isLost()) return done(false);
      this.cookie = undefined;
      done(true);
    });
  }

  claim(claim: LaneClaim, userId: string): void {
    const lock = this.#lockOf(claim.conversationId, userId);
    if (lock.holder) lock.waiting.push(claim);
    else this.#give(lock, claim);
  }

  release(tab: TabPart, conversationId: string | undefined): void {
    for (const lock of this.#locks.values()) {
      const isOurs = (claim: LaneClaim | undefined) =>
        claim?.tab === tab && (conversationId === undefined || claim.conversationId === conversationId);
      const rest = lock.waiting.filter((claim) => !isOurs(claim));
      lock.waiting.splice(0, lock.waiting.length, ...rest);
      if (isOurs(lock.holder)) this.#give(lock, lock.waiting.shift());
    }
  }

  /** A tab that is looked at takes over what it still waits for. */
  steal(tab: TabPart): void {
    for (const lock of this.#locks.values()) {
      const at = lock.waiting.findIndex((claim) => claim.tab === tab);
      if (at < 0) continue;
      const [claim] = lock.waiting.splice(at, 1);
      lock.holder?.tab.claimLost(lock.holder.conversationId);
      this.#give(lock, claim);
    }
  }

  #lockOf(conversationId: string, userId: string): Lock {
    const key = `${userId} ${conversationId}`;
    const lock = this.#locks.get(key) ?? { holder: undefined, waiting: [] };
    this.#locks.set(key, lock);
    return lock;
  }

  #give(lock: Lock, claim: LaneClaim | undefined): void {
    lock.holder = claim;
    claim?.tab.claimed(claim);
  }

  #rest(way: 'guest' | 'refresh', done: (outcome: Outcome<Session>) => void): void {
    const { world } = this;
    const { clock, chance, weather } = world;
    const sent = this.cookie;
    let isOver = false;
    const end = (outcome: Outcome<Session>) => {
      if (!isOver) done(outcome);
      isOver = true;
    };
    // A lost question or answer, or a node that dies with it.
    const fail = () => clock.after(restTimeoutMs, () => end({ ok: false }));
    clock.after(chance.between(0, weather.delayMs), () => {
      const node = world.someNode();
      if (!node || this.#isLost()) return fail();
      const task = way === 'guest' ? world.sessions.guest(node, sent) : world.sessions.refresh(node, sent);
      node.run(task, (outcome) => {
        if (this.#isLost()) return fail();
        clock.after(chance.between(0, weather.delayMs), () => {
          if (!this.isOnline) return fail();
          if (outcome.ok) this.#take(outcome.value.cookie);
          end(outcome.ok ? { ok: true, data: outcome.value.session } : refusedBy(outcome.refusal));
        });
      });
      fail();
    });
  }

  #take(cookie: Cookie): void {
    const { database, laws } = this.world;
    const before = this.cookie && database.sessions.get(this.cookie.sessionId)?.userId;
    // Without locks two tabs of a new device can become two guests at once, of whom one remains.
    if (!this.hasLocks && before !== database.sessions.get(cookie.sessionId)?.userId) laws.excuseUser(before);
    this.cookie = cookie;
  }

  #isLost(): boolean {
    const isLost = !this.isOnline || this.world.chance.isTrue(2 * this.world.weather.loss);
    if (isLost) this.world.counts.faults++;
    return isLost;
  }
}

function refusedBy({ code }: Refusal): { ok: false; error: ReturnType<typeof toBody> } {
  return { ok: false, error: toBody(code satisfies ErrorCode) };
}
