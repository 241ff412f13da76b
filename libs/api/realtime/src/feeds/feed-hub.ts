import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  type AppSocket,
  DomainError,
  eventLog,
  isClosed,
  limits,
  Metrics,
  RealtimeServer,
} from '@cloudhop/api/platform';
import { Database } from '@cloudhop/api/database';
import { NodeBus } from '../bus';
import {
  type FeedChange,
  type FeedFrame,
  type FeedHead,
  type FeedKey,
  type FeedKind,
  type FeedPage,
  type FeedSource,
  conversationFeed,
  parseFeed,
} from './feed';
import { type FeedNode, FeedRunner } from './feed-runner';

const log = eventLog('feeds');

/** Runs before a change of a feed is emitted. `sockets` are the feed's subscribers on this node. */
export type ChangeListener = (id: string, change: FeedChange, sockets: readonly AppSocket[]) => void;
/** Handles an ephemeral message about a feed, published by this node or by another. */
export type EphemeralHandler = (id: string, message: object, sockets: readonly AppSocket[]) => void;
/**
 * Runs when changes of a feed were skipped. It must find out otherwise which rights they took from the users of
 * `sockets`.
 */
export type GapListener = (id: string, sockets: readonly AppSocket[]) => Promise<void>;

/**
 * Subscriptions of this node: the feeds of each socket, one sequencer per feed, and the comparison of heads with
 * Postgres that repairs every lost hint.
 */
@Injectable()
export class FeedHub implements OnModuleInit, OnApplicationShutdown, FeedNode {
  readonly #sources = new Map<FeedKind, FeedSource>();
  readonly #listeners = new Map<FeedKind, Set<ChangeListener>>();
  readonly #gapListeners = new Map<FeedKind, GapListener>();
  readonly #ephemeralHandlers = new Map<string, EphemeralHandler>();
  readonly #runners = new Map<FeedKey, FeedRunner>();
  readonly #subscriptions = new Map<AppSocket, Set<FeedKey>>();
  #checkedAt = performance.now();
  #isChecking = false;
  /** True after the database's timeline has changed: the state of the sequencers is invalid. */
  #mustRestart = false;
  /** Feeds whose sequencer failed. The next check of the heads restarts it. */
  readonly #failed = new Set<FeedKey>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: NodeBus,
    readonly realtime: RealtimeServer,
    readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.database.onEpochChange(() => {
      log.warn('feeds.epoch_changed');
      this.#mustRestart = true;
      // Changes of the old timeline must not be emitted under the new epoch.
      for (const runner of this.#runners.values()) runner.sequencer.forget();
      void this.checkHeads();
    });
    this.bus.onGap(() => void this.checkHeads());
    this.#timer = setInterval(() => void this.checkHeads(), limits.headCheckIntervalMs);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    for (const runner of this.#runners.values()) runner.stop();
  }

  get epoch(): string {
    return this.database.epoch;
  }

  registerSource(kind: FeedKind, source: FeedSource): void {
    this.#sources.set(kind, source);
  }

  /** Calls `listener` before each change of that kind of feed is emitted on this node. */
  onChange(kind: FeedKind, listener: ChangeListener): void {
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners.add(listener));
  }

  /** Sets the listener of skipped changes of that kind of feed. */
  onGap(kind: FeedKind, listener: GapListener): void {
    this.#gapListeners.set(kind, listener);
  }

  /** Sets the handler of the ephemeral messages of this name, about all conversations. */
  onEphemeral(name: string, handler: EphemeralHandler): void {
    this.#ephemeralHandlers.set(name, handler);
  }

  /** Publishes an ephemeral message about a conversation, to this node and to the others that have subscribed to it. */
  publishEphemeral(name: string, conversationId: string, message: object): void {
    const feed = conversationFeed(conversationId);
    this.#receiveEphemeral(feed, name, message);
    this.bus.publishEphemeral(feed, { name, message });
  }

  #receiveEphemeral(feed: FeedKey, name: string, message: object): void {
    const head = this.#runners.get(feed)?.sequencer.head;
    if (head === undefined || !this.mayDeliver(head)) return;
    this.#ephemeralHandlers.get(name)?.(parseFeed(feed).id, message, this.activeSockets(feed));
  }

  /**
   * Subscribes a socket. Resolves once the feed's sequencer has a position. Nothing is emitted to the socket before
   * `activate`, but a change that takes the right to read finds it among the subscribers: check the right to read after
   * this, then activate. Throws `unavailable` if the head can't be read.
   */
  async subscribe(socket: AppSocket, feed: FeedKey): Promise<void> {
    if (isClosed(socket)) throw new DomainError('unavailable');
    const feeds = this.#feedsOf(socket);
    feeds.add(feed);
    const runner = this.#runners.get(feed) ?? this.#start(feed);
    runner.add(socket);
    try {
      await runner.started;
    } catch (error) {
      this.unsubscribe(socket, feed);
      if (error instanceof DomainError) throw error;
      throw new DomainError('unavailable', { retryAfterMs: limits.unavailableRetryMs, cause: error });
    }
  }

  /**
   * Starts delivery to a subscriber. The caller makes good what was emitted since it read. Returns false if the socket
   * was unsubscribed meanwhile.
   */
  activate(socket: AppSocket, feed: FeedKey): boolean {
    return this.#runners.get(feed)?.activate(socket) ?? false;
  }

  isActive(socket: AppSocket, feed: FeedKey): boolean {
    return this.#runners.get(feed)?.isActive(socket) ?? false;
  }

  unsubscribe(socket: AppSocket, feed: FeedKey): void {
    this.#subscriptions.get(socket)?.delete(feed);
    this.#runners.get(feed)?.remove(socket);
  }

  isSubscribed(socket: AppSocket, feed: FeedKey): boolean {
    return this.#subscriptions.get(socket)?.has(feed) ?? false;
  }

  /** Returns the ids of the feeds of one kind to which a socket is subscribed. */
  subscribedIds(socket: AppSocket, kind: FeedKind): string[] {
    return [...(this.#subscriptions.get(socket) ?? [])]
      .map(parseFeed)
      .flatMap((feed) => (feed.kind === kind ? [feed.id] : []));
  }

  /** Returns the sockets of this node that are subscribed to `feed`. */
  subscribers(feed: FeedKey): readonly AppSocket[] {
    return this.#runners.get(feed)?.subscribers ?? [];
  }

  /** Returns the subscribers of this node that receive what is emitted. */
  activeSockets(feed: FeedKey): readonly AppSocket[] {
    const runner = this.#runners.get(feed);
    return runner ? runner.subscribers.filter((socket) => runner.isActive(socket)) : [];
  }

  /** Returns the channels of the feed's active subscribers on this node. */
  rooms(feed: FeedKey): string[] {
    return this.#runners.get(feed)?.rooms ?? [];
  }

  /** Publishes a committed frame to this node's subscribers and to the other nodes. Call it after the commit, never before. */
  publish(frame: FeedFrame): void {
    for (const change of frame.changes) this.#noticeUser(change);
    this.#runners.get(frame.feed)?.accept(frame);
    this.bus.publish({ ...frame, epoch: this.epoch });
  }

  /** Takes a head that was read elsewhere. Repairs the feed if it is above the head that this node knows. */
  noticeHead(feed: FeedKey, rev: number): void {
    this.#runners.get(feed)?.noticeHead(rev);
  }

  /** Returns the head of a feed as this node knows it; undefined without a subscriber here. */
  head(feed: FeedKey): FeedHead | undefined {
    return this.#runners.get(feed)?.sequencer.head;
  }

  /**
   * Returns the changes after `rev` from memory. Returns undefined if memory doesn't reach back to `rev`, or is behind
   * `headRev`, the head that the caller has just read.
   */
  recentChanges(feed: FeedKey, rev: number, headRev: number): FeedPage | undefined {
    return this.#runners.get(feed)?.sequencer.since(rev, headRev);
  }

  mayDeliver(head: FeedHead): boolean {
    return !head.isPrivate || performance.now() - this.#checkedAt < limits.uncheckedDeliveryMs;
  }

  beforeEmit(feed: FeedKey, change: FeedChange): void {
    this.#noticeUser(change);
    const { kind, id } = parseFeed(feed);
    for (const listener of this.#listeners.get(kind) ?? []) {
      try {
        listener(id, change, this.subscribers(feed));
      } catch (error) {
        log.error('feeds.listener_failed', error, { kind, change: change.kind });
      }
    }
  }

  /**
   * Rechecks subscribers before a gap is emitted. If that fails, disconnects them, so that they reconnect through the
   * handshake.
   */
  async beforeGap(feed: FeedKey): Promise<void> {
    const { kind, id } = parseFeed(feed);
    const sockets = this.subscribers(feed);
    try {
      await this.#gapListeners.get(kind)?.(id, sockets);
    } catch (error) {
      log.error('feeds.gap_failed', error, { kind });
      for (const socket of sockets) socket.disconnect(true);
    }
  }

  repairFailed(feed: FeedKey, error: unknown): void {
    log.error('feeds.repair_failed', error, { kind: parseFeed(feed).kind });
  }

  emitFailed(feed: FeedKey, error: unknown): void {
    log.error('feeds.emit_failed', error, { kind: parseFeed(feed).kind });
  }

  /**
   * Handles a failed sequencer: subscribers see a gap and sync. The next check of the heads restarts it; an immediate
   * restart might fail in a loop.
   */
  sequencerFailed(feed: FeedKey, error: unknown): void {
    log.error('feeds.sequencer_failed', error, { kind: parseFeed(feed).kind });
    this.#runners.get(feed)?.sequencer.forget();
    this.#failed.add(feed);
  }

  /**
   * Compares the epoch and the heads of all subscribed feeds with Postgres, and repairs feeds that are behind. Runs
   * every two seconds.
   */
  async checkHeads(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    const now = performance.now();
    let isRestart = false;
    try {
      await this.database.checkEpoch();
      isRestart = this.#mustRestart;
      this.#mustRestart = false;
      for (const [kind, source] of this.#sources) {
        const runners = [...this.#runners.values()].filter((runner) => parseFeed(runner.feed).kind === kind);
        for (let at = 0; at < runners.length; at += limits.headCheckChunk) {
          const chunk = runners.slice(at, at + limits.headCheckChunk);
          const heads = await source.heads(chunk.map((runner) => parseFeed(runner.feed).id));
          for (const runner of chunk) {
            const head = heads.get(parseFeed(runner.feed).id);
            if (head === undefined) continue;
            if (this.#failed.delete(runner.feed) || isRestart) runner.sequencer.restart(head);
            else runner.sequencer.noticeHead(head.rev);
          }
        }
      }
      this.#checkedAt = now;
      for (const runner of this.#runners.values()) {
        if (runner.idleMs(now) > limits.sequencerIdleMs) this.#stop(runner);
        else runner.pump();
      }
    } catch (error) {
      this.#mustRestart ||= isRestart;
      log.error('feeds.check_failed', error);
    } finally {
      this.#isChecking = false;
    }
  }

  /** Passes a changed user to all sequencers, so that no later frame holds a former name. */
  #noticeUser(change: FeedChange): void {
    if (change.kind !== 'user') return;
    for (const { sequencer } of this.#runners.values()) sequencer.noticeUser(change.user);
  }

  #feedsOf(socket: AppSocket): Set<FeedKey> {
    let feeds = this.#subscriptions.get(socket);
    if (feeds === undefined) {
      feeds = new Set();
      this.#subscriptions.set(socket, feeds);
      // Also of a socket that closes before it was connected.
      socket.conn.once('close', () => {
        for (const feed of this.#subscriptions.get(socket) ?? []) this.#runners.get(feed)?.remove(socket);
        this.#subscriptions.delete(socket);
      });
    }
    return feeds;
  }

  #start(feed: FeedKey): FeedRunner {
    const { kind } = parseFeed(feed);
    const source = this.#sources.get(kind);
    if (source === undefined) throw new Error(`no source for ${kind} feeds`);
    const runner = new FeedRunner(feed, source, this);
    this.#runners.set(feed, runner);
    runner.started = this.#begin(runner, source);
    // Subscribers await it; without one, a failure must not end the process.
    runner.started.catch(() => {
      if (this.#runners.get(feed) === runner) this.#runners.delete(feed);
      runner.stop();
    });
    return runner;
  }

  /**
   * Starts a runner. Subscribes on the bus first, then reads the head: frames that are published in between are held
   * and put in order.
   */
  async #begin(runner: FeedRunner, source: FeedSource): Promise<void> {
    const { id } = parseFeed(runner.feed);
    const subscriptions = await Promise.all([
      this.bus.subscribe(runner.feed, (frame) => {
        if (frame.epoch === this.epoch) runner.accept(frame);
      }),
      this.bus.subscribeEphemeral(runner.feed, (received) => {
        const { name, message } = received as { name: string; message: object };
        this.#receiveEphemeral(runner.feed, name, message);
      }),
    ]);
    runner.unsubscribe = () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    };
    const head = (await source.heads([id])).get(id);
    if (head === undefined) throw new DomainError('not_found');
    runner.sequencer.start(head, performance.now());
    runner.pump();
  }

  #stop(runner: FeedRunner): void {
    runner.stop();
    this.#runners.delete(runner.feed);
    this.#failed.delete(runner.feed);
  }
}
