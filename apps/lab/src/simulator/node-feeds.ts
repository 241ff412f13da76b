import {
  type FeedChange,
  type FeedFrame,
  type FeedHead,
  type FeedKey,
  type FeedPage,
  Sequencer,
  conversationFeed,
  parseFeed,
} from '@cloudhop/api/realtime';
import { type ConversationChange, type PersonalChange, limits } from '@cloudhop/contracts';
import type { Fact, ModelDatabase } from '@cloudhop/sdk/testing';
import type { Link } from './link';
import type { Done, SimulatedNode } from './node';
import { Refusal, type Task, moment, statement } from './tasks';

const earlyFrameMs = 250;
const frameIntervalMs = 10;
const uncheckedDeliveryMs = 30_000;
/** Short, so that short programs reach beyond it. */
const ring = 12;
const frameBytes = 2_000;

interface Runner {
  readonly feed: FeedKey;
  readonly sequencer: Sequencer;
  /** Subscribers, each with true once it is active. */
  readonly subscribers: Map<Link, boolean>;
  isStarted: boolean;
  readonly waiting: (() => void)[];
  nextFrameAt: number;
  isFrameDue: boolean;
  isRepairDue: boolean;
}

/** Subscriptions of a node: the real sequencer of every feed, driven as the node's hub and runners drive it. */
export class NodeFeeds {
  readonly #runners = new Map<FeedKey, Runner>();
  #checkedAt: number;
  #isChecking = false;
  #mustRestart = false;

  constructor(private readonly node: SimulatedNode) {
    this.#checkedAt = node.world.clock.now;
  }

  /** Returns once the sequencer has its position. */
  *subscribe(link: Link, feed: FeedKey): Task<void> {
    link.feeds.add(feed);
    const runner = this.#runners.get(feed) ?? this.#start(feed);
    if (!runner.subscribers.has(link)) runner.subscribers.set(link, false);
    if (!runner.isStarted) yield* moment((resume) => runner.waiting.push(resume));
    if (runner.isStarted) return;
    this.unsubscribe(link, feed);
    throw new Refusal('unavailable');
  }

  /** False when it was sent away meanwhile. */
  activate(link: Link, feed: FeedKey): boolean {
    const subscribers = this.#runners.get(feed)?.subscribers;
    if (subscribers?.has(link) !== true) return false;
    subscribers.set(link, true);
    return true;
  }

  isActive(link: Link, feed: FeedKey): boolean {
    return this.#runners.get(feed)?.subscribers.get(link) ?? false;
  }

  sendHead(link: Link, feed: FeedKey, rev: number): void {
    const head = this.#runners.get(feed)?.sequencer.head?.rev;
    if (head === undefined || head <= rev) return;
    link.tell(factOf(this.node.epoch, { feed, fromRev: head, toRev: head, changes: [], users: [] }));
  }

  unsubscribe(link: Link, feed: FeedKey): void {
    link.feeds.delete(feed);
    this.#runners.get(feed)?.subscribers.delete(link);
  }

  unsubscribeAll(link: Link): void {
    for (const feed of [...link.feeds]) this.unsubscribe(link, feed);
  }

  publish(frame: FeedFrame): void {
    this.heard(frame);
    this.node.world.publish(this.node, frame);
  }

  /** A frame of another node, or of one's own commits. */
  heard(frame: FeedFrame): void {
    const runner = this.#runners.get(frame.feed);
    if (!runner) return;
    runner.sequencer.accept(frame, this.node.world.clock.now);
    this.#pump(runner);
  }

  noticeHead(feed: FeedKey, rev: number): void {
    const runner = this.#runners.get(feed);
    if (!runner) return;
    runner.sequencer.noticeHead(rev);
    this.#pump(runner);
  }

  recent(feed: FeedKey, rev: number, headRev: number): FeedPage | undefined {
    return this.#runners.get(feed)?.sequencer.since(rev, headRev);
  }

  epochChanged(): void {
    this.#mustRestart = true;
    for (const { sequencer } of this.#runners.values()) sequencer.forget();
    this.node.run(this.checkHeads());
  }

  /** Compares epoch and heads with the database and repairs what is behind. */
  *checkHeads(): Task<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      yield* this.#checkHeads();
    } finally {
      this.#isChecking = false;
    }
  }

  *#checkHeads(): Task<void> {
    const { now } = this.node.world.clock;
    let isRestart = false;
    let runners: Runner[];
    let heads: (FeedHead | undefined)[];
    try {
      this.node.noticeEpoch(yield* statement((database) => database.epoch));
      isRestart = this.#mustRestart;
      this.#mustRestart = false;
      runners = [...this.#runners.values()];
      heads = yield* statement((database) => runners.map(({ feed }) => headOf(database, feed)));
    } catch {
      this.#mustRestart ||= isRestart;
      return;
    }
    runners.forEach((runner, i) => {
      const head = heads[i];
      // What a backup does not know is no more.
      if (head === undefined) return;
      if (isRestart) runner.sequencer.restart(head);
      else runner.sequencer.noticeHead(head.rev);
    });
    this.#checkedAt = now;
    for (const runner of runners) this.#pump(runner);
  }

  #start(feed: FeedKey): Runner {
    const options = { earlyFrameMs, ring, frameChanges: limits.framePage, frameBytes, isCutOff };
    const runner: Runner = {
      feed,
      sequencer: new Sequencer(feed, options),
      subscribers: new Map(),
      isStarted: false,
      waiting: [],
      nextFrameAt: 0,
      isFrameDue: false,
      isRepairDue: false,
    };
    this.#runners.set(feed, runner);
    this.node.run(this.#begin(runner), (outcome) => {
      if (!outcome.ok) this.#runners.delete(feed);
      for (const resume of runner.waiting.splice(0)) resume();
    });
    return runner;
  }

  *#begin(runner: Runner): Task<void> {
    const head = yield* statement((database) => headOf(database, runner.feed));
    if (head === undefined) throw new Refusal('not_found');
    runner.sequencer.start(head, this.node.world.clock.now);
    runner.isStarted = true;
    this.#pump(runner);
  }

  #pump(runner: Runner): void {
    this.#emit(runner);
    this.#repair(runner);
  }

  #emit(runner: Runner): void {
    const { clock } = this.node.world;
    const { head } = runner.sequencer;
    if (runner.isFrameDue || !head || !runner.sequencer.hasFrame) return;
    if (head.isPrivate && clock.now - this.#checkedAt >= uncheckedDeliveryMs) return;
    const wait = runner.nextFrameAt - clock.now;
    if (wait > 0) {
      runner.isFrameDue = true;
      return this.node.after(wait, () => {
        runner.isFrameDue = false;
        this.#pump(runner);
      });
    }
    const frame = runner.sequencer.take();
    if (!frame) return;
    if (frame.fromRev === frame.toRev) return this.#recheck(runner, frame);
    this.#tell(runner, frame);
  }

  /** Changes were passed over: those who may not read any more leave before that is told. */
  #recheck(runner: Runner, frame: FeedFrame): void {
    const { kind, id } = parseFeed(runner.feed);
    if (kind === 'personal') {
      for (const link of [...runner.subscribers.keys()]) link.cut();
      return;
    }
    runner.isFrameDue = true;
    const links = [...runner.subscribers.keys()];
    const look = statement((database) => links.filter(({ userId }) => database.unreadable(id, userId) === undefined));
    this.node.run(look, (outcome) => {
      runner.isFrameDue = false;
      for (const link of links) {
        if (!outcome.ok) link.cut();
        else if (!outcome.value.includes(link)) this.unsubscribe(link, runner.feed);
      }
      this.#tell(runner, frame);
    });
  }

  #tell(runner: Runner, frame: FeedFrame): void {
    const { clock } = this.node.world;
    const { id } = parseFeed(runner.feed);
    for (const change of frame.changes) this.#beforeEmit(id, change, runner);
    const fact = factOf(this.node.epoch, frame);
    for (const [link, isActive] of runner.subscribers) if (isActive) link.tell(fact);
    runner.nextFrameAt = clock.now + frameIntervalMs;
    this.#emit(runner);
  }

  /** Who loses the right to read leaves before anything later is told. */
  #beforeEmit(id: string, change: FeedChange, { subscribers }: Runner): void {
    if (change.kind === 'member' && change.member.state !== 'joined' && change.member.state !== 'invited') {
      for (const link of subscribers.keys()) {
        if (link.userId !== change.member.userId) continue;
        this.unsubscribe(link, conversationFeed(id));
        this.node.run(this.#comeBack(link, id), orCut(link));
      }
    }
    if (change.kind === 'membership') {
      const feed = conversationFeed(change.membership.conversationId);
      for (const link of subscribers.keys()) {
        if (change.membership.state !== 'joined') this.unsubscribe(link, feed);
        else if (!link.feeds.has(feed)) this.node.run(this.#resubscribe(link, feed), orCut(link));
      }
    }
    if (change.kind === 'session' && change.state === 'ended') {
      for (const link of subscribers.keys()) if (link.sessionId === change.sessionId) link.revoke();
    }
  }

  /** Resubscribes a user who has regained the right to read: the change may be old. */
  *#comeBack(link: Link, conversationId: string): Task<void> {
    const refusal = yield* statement((database) => database.unreadable(conversationId, link.userId));
    if (refusal === undefined) yield* this.#resubscribe(link, conversationFeed(conversationId));
  }

  /** Whoever left and came back may have been told neither: an empty frame shows them what they missed. */
  *#resubscribe(link: Link, feed: FeedKey): Task<void> {
    yield* this.subscribe(link, feed);
    const { id } = parseFeed(feed);
    const refusal = yield* statement((database) => database.unreadable(id, link.userId));
    if (refusal !== undefined) return this.unsubscribe(link, feed);
    if (this.activate(link, feed)) this.sendHead(link, feed, 0);
  }

  #repair(runner: Runner): void {
    const { clock } = this.node.world;
    if (runner.isRepairDue) return;
    const wait = runner.sequencer.repairWait(clock.now);
    if (wait === undefined) return;
    if (wait > 0) {
      runner.isRepairDue = true;
      return this.node.after(wait, () => {
        runner.isRepairDue = false;
        this.#pump(runner);
      });
    }
    const fromRev = runner.sequencer.beginRepair(clock.now);
    if (fromRev === undefined) return;
    const { kind, id } = parseFeed(runner.feed);
    const read = statement((database) => {
      if (kind === 'personal') return database.personalChangesAfter(id, fromRev);
      return database.conversations.has(id) ? database.changesAfter(id, fromRev) : undefined;
    });
    this.node.run(read, (outcome) => {
      runner.sequencer.endRepair(fromRev, outcome.ok ? outcome.value : undefined, clock.now);
      if (outcome.ok) this.#pump(runner);
    });
  }
}

function headOf(database: ModelDatabase, feed: FeedKey): FeedHead | undefined {
  const { kind, id } = parseFeed(feed);
  if (kind === 'personal') return database.personalHead(id);
  return database.conversations.has(id) ? database.head(id) : undefined;
}

function orCut(link: Link): Done<void> {
  return ({ ok }) => {
    if (!ok) link.cut();
  };
}

function isCutOff(change: FeedChange): boolean {
  if (change.kind === 'member') return change.member.state === 'banned' || change.member.state === 'left';
  return change.kind === 'session' && change.state === 'ended';
}

function factOf(epoch: string, { feed, fromRev, toRev, changes, users }: FeedFrame): Fact {
  const { kind, id } = parseFeed(feed);
  const rest = { epoch, fromRev, toRev, users: [...users] };
  return kind === 'conversation'
    ? {
        name: 'conversation:changed',
        payload: { ...rest, conversationId: id, changes: changes as ConversationChange[] },
      }
    : { name: 'personal:changed', payload: { ...rest, changes: changes as PersonalChange[] } };
}
