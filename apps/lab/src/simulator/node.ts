import { conversationFeed, type FeedFrame, personalFeed } from '@cloudhop/api/realtime';
import { limits } from '@cloudhop/contracts';
import type { ModelDatabase, Outcome, RequestEffect } from '@cloudhop/sdk/testing';
import { NodeCommits } from './node-commits';
import { NodeFeeds } from './node-feeds';
import { handle } from './node-requests';
import { type Link, toBody } from './link';
import { Refusal, type Task, type Wait, statement } from './tasks';
import type { World } from './world';

const headCheckIntervalMs = 2_000;
const tokenGraceMs = 60_000;
/** A pool waits so long for a database that is away. */
const databaseDelayMs = 20;

export type Done<T> = (outcome: { ok: true; value: T } | { ok: false; refusal: Refusal }) => void;

/** What a bearer token says of itself. */
export interface Bearer {
  userId: string;
  sessionId: string;
  expiresAt: number;
}

export function toToken({ userId, sessionId, expiresAt }: Bearer): string {
  return `${userId} ${sessionId} ${expiresAt}`;
}

/** A server: real sequencers, and around them the thin services as the design has them. All it knows dies with it. */
export class SimulatedNode {
  isUp = true;
  epoch: string;
  feeds: NodeFeeds;
  commits: NodeCommits;
  readonly links = new Set<Link>();
  /** The world's count when this node's pool was made: new connections read the epoch. */
  #connections = 0;
  /** Counts restarts: what an earlier life asked for is not heard by a later one. */
  #life = 0;

  constructor(
    readonly world: World,
    readonly id: number,
  ) {
    this.epoch = world.database.epoch;
    this.feeds = new NodeFeeds(this);
    this.commits = new NodeCommits(this);
    this.#checkLater();
  }

  /** kill -9: nothing that was under way is heard of again, but what the database has done stays done. */
  kill(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#life++;
    for (const link of [...this.links]) link.cut();
    this.links.clear();
  }

  start(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.epoch = this.world.database.epoch;
    this.#connections = this.world.connections;
    this.feeds = new NodeFeeds(this);
    this.commits = new NodeCommits(this);
    this.#checkLater();
  }

  /** The epoch as it was read on a new connection, or by the comparison of heads. */
  noticeEpoch(epoch: string): void {
    if (this.epoch === epoch) return;
    this.epoch = epoch;
    this.feeds.epochChanged();
  }

  after(ms: number, run: () => void): void {
    const life = this.#life;
    this.world.clock.after(ms, () => {
      if (life === this.#life) run();
    });
  }

  /** Runs a task to its end; what it waits for takes simulated time. */
  run<T>(task: Task<T>, done: Done<T> = () => undefined): void {
    const go = (step: () => IteratorResult<Wait, T>) => {
      let result: IteratorResult<Wait, T>;
      try {
        result = step();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return done({ ok: false, refusal: error });
      }
      if (result.done === true) return done({ ok: true, value: result.value });
      const wait = result.value;
      if (wait.kind === 'moment') return wait.tell(() => go(() => task.next(undefined)));
      this.#state(wait.work, (answer) => go(() => (answer.ok ? task.next(answer.value) : task.throw(answer.refusal))));
    };
    go(() => task.next(undefined));
  }

  connect(link: Link, token: string): void {
    this.links.add(link);
    this.run(this.#handshake(link, token), (outcome) => {
      if (!link.isOpen) return;
      if (outcome.ok) link.accepted();
      else link.refused(outcome.refusal);
    });
  }

  closed(link: Link): void {
    this.links.delete(link);
    this.feeds.unsubscribeAll(link);
  }

  answer(link: Link, effect: RequestEffect, tell: (outcome: Outcome) => void): void {
    const { chance, weather, counts } = this.world;
    if (chance.isTrue(weather.overload)) {
      counts.faults++;
      return tell({ ok: false, error: toBody('overloaded', chance.between(10, 1_500)) });
    }
    const arrivedAt = this.world.laws.gone.now;
    this.run(handle(this, link, effect), (outcome) => {
      if (outcome.ok) this.world.laws.onReply(effect.name, outcome.value, arrivedAt);
      if (outcome.ok) tell({ ok: true, data: outcome.value });
      else tell({ ok: false, error: toBody(outcome.refusal.code, outcome.refusal.retryAfterMs) });
    });
  }

  /** A change that is not a message's: done in the database, then told. */
  change(work: (database: ModelDatabase) => readonly FeedFrame[]): void {
    const { laws } = this.world;
    const write = (database: ModelDatabase) => {
      const frames = work(database);
      laws.gone.writtenFrames(frames);
      return frames;
    };
    this.run(statement(write), (outcome) => {
      if (outcome.ok) for (const frame of outcome.value) this.feeds.publish(frame);
    });
  }

  /** Throws unless the token is good now; the session is looked up, as a token can outlive it. */
  *authorise(token: string): Task<Bearer> {
    const [userId = '', sessionId = '', expiry = ''] = token.split(' ');
    const bearer = { userId, sessionId, expiresAt: Number(expiry) };
    if (bearer.expiresAt <= this.world.clock.now) throw new Refusal('token_expired');
    const session = yield* statement((database) => database.sessions.get(sessionId));
    if (!session || session.isEnded) throw new Refusal('session_ended');
    return bearer;
  }

  *#handshake(link: Link, token: string): Task<void> {
    const { userId, sessionId, expiresAt } = yield* this.authorise(token);
    Object.assign(link, { userId, sessionId, expiresAt });
    yield* this.feeds.subscribe(link, personalFeed(userId));
    yield* this.authorise(token);
    this.feeds.activate(link, personalFeed(userId));
    const read = () =>
      statement((database) => ({ rev: database.personalHead(userId).rev, ids: database.mine(userId) }));
    let { rev, ids } = yield* read();
    for (let round = 0; round < 5; round++) {
      for (const id of ids.slice(0, limits.syncConversations)) yield* this.feeds.subscribe(link, conversationFeed(id));
      const before = { rev, ids };
      ({ rev, ids } = yield* read());
      for (const id of before.ids) if (!ids.includes(id)) this.feeds.unsubscribe(link, conversationFeed(id));
      if (rev === before.rev) break;
    }
    for (const feed of link.feeds) this.feeds.activate(link, feed);
  }

  /** The statement is done at one moment, and heard of at a later one. */
  #state(work: (database: ModelDatabase) => unknown, tell: Done<unknown>): void {
    const { world } = this;
    const { chance, weather, counts } = world;
    const { connections } = world;
    this.after(chance.between(0, databaseDelayMs), () => {
      if (!world.isDatabaseUp || connections !== world.connections)
        return this.after(databaseDelayMs, () => tell(unavailable()));
      if (this.#connections !== connections) {
        this.#connections = connections;
        this.noticeEpoch(world.database.epoch);
      }
      const value = work(world.database);
      const isUnknown = chance.isTrue(weather.unknownOutcome);
      if (isUnknown) counts.faults++;
      this.after(chance.between(0, databaseDelayMs), () => {
        const isGone = isUnknown || connections !== world.connections;
        tell(isGone ? unavailable() : { ok: true, value });
      });
    });
  }

  /** Every two seconds: heads, and tokens that have ended. */
  #checkLater(): void {
    this.after(headCheckIntervalMs, () => {
      for (const link of [...this.links]) if (link.expiresAt + tokenGraceMs < this.world.clock.now) link.cut();
      this.run(this.feeds.checkHeads());
      this.#checkLater();
    });
  }
}

function unavailable(): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: new Refusal('unavailable') };
}
