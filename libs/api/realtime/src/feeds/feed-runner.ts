import { limits as wire } from '@cloudhop/contracts';
import { type AppSocket, channels, limits, type Metrics, type RealtimeServer } from '@cloudhop/api/platform';
import { type FeedChange, type FeedFrame, type FeedHead, type FeedKey, type FeedSource, parseFeed } from './feed';
import { Sequencer } from './sequencer';

/** Interface of the node for its runners. */
export interface FeedNode {
  readonly epoch: string;
  readonly realtime: RealtimeServer;
  readonly metrics: Metrics;
  /** Returns false if this node could not check for too long who may read. */
  mayDeliver(head: FeedHead): boolean;
  /** Runs before a change is emitted, so that users who lose the right to read are unsubscribed by then. */
  beforeEmit(feed: FeedKey, change: FeedChange): void;
  /** Runs before a gap is emitted: one of the skipped changes may have taken a right to read. */
  beforeGap(feed: FeedKey): Promise<void>;
  repairFailed(feed: FeedKey, error: unknown): void;
  /** Reports a frame that could not be emitted unchanged. */
  emitFailed(feed: FeedKey, error: unknown): void;
  /** Reports a failed sequencer, which must restart at the head of Postgres. */
  sequencerFailed(feed: FeedKey, error: unknown): void;
}

/** One feed with subscribers on this node: its sequencer, its sockets, and the pace of its frames. */
export class FeedRunner {
  readonly sequencer: Sequencer;
  /** Slice of each subscriber; undefined before activation. */
  readonly #subscribers = new Map<AppSocket, number | undefined>();
  /** Cached list of subscribers, because each change of a frame reads it. Dropped when a subscriber comes or goes. */
  #subscriberList: readonly AppSocket[] | undefined;
  readonly #sliceSizes: number[] = [];
  readonly #id: string;
  readonly #isConversation: boolean;
  #emptySince = performance.now();
  #nextFrameAt = 0;
  #isEmitting = false;
  #frameTimer: NodeJS.Timeout | undefined;
  #repairTimer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Resolves when the sequencer has its position; set by the hub. */
  started: Promise<void> = Promise.resolve();
  unsubscribe: (() => void) | undefined;

  constructor(
    readonly feed: FeedKey,
    private readonly source: FeedSource,
    private readonly node: FeedNode,
  ) {
    const { kind, id } = parseFeed(feed);
    this.#id = id;
    this.#isConversation = kind === 'conversation';
    this.sequencer = new Sequencer(feed, {
      earlyFrameMs: limits.earlyFrameMs,
      ring: limits.sequencerRing,
      frameChanges: wire.framePage,
      frameBytes: limits.frameBytes,
      isCutOff: (change) => source.isCutOff(change),
    });
  }

  /** Immutable list of subscribers: sockets may be removed during an iteration. */
  get subscribers(): readonly AppSocket[] {
    return (this.#subscriberList ??= [...this.#subscribers.keys()]);
  }

  get rooms(): string[] {
    return this.#isConversation ? this.#sliceSizes.map((_, slice) => this.#room(slice)) : [this.#room(0)];
  }

  /** Returns milliseconds since the last subscriber left; 0 while there is one. */
  idleMs(now: number): number {
    return this.#subscribers.size > 0 ? 0 : now - this.#emptySince;
  }

  add(socket: AppSocket): void {
    if (this.#subscribers.has(socket)) return;
    this.#subscribers.set(socket, undefined);
    this.#subscriberList = undefined;
  }

  /** Starts delivery to a subscriber. Returns false if the socket is not subscribed any more. */
  activate(socket: AppSocket): boolean {
    if (!this.#subscribers.has(socket)) return false;
    if (this.#subscribers.get(socket) !== undefined) return true;
    let slice = this.#sliceSizes.findIndex((size) => size < limits.shardSockets);
    if (slice === -1) slice = this.#sliceSizes.push(0) - 1;
    this.#sliceSizes[slice]!++;
    this.#subscribers.set(socket, slice);
    void socket.join(this.#room(slice));
    return true;
  }

  isActive(socket: AppSocket): boolean {
    return this.#subscribers.get(socket) !== undefined;
  }

  remove(socket: AppSocket): void {
    const slice = this.#subscribers.get(socket);
    if (!this.#subscribers.delete(socket)) return;
    this.#subscriberList = undefined;
    if (slice !== undefined) {
      this.#sliceSizes[slice]!--;
      if (this.#isConversation) void socket.leave(this.#room(slice));
    }
    if (this.#subscribers.size === 0) this.#emptySince = performance.now();
  }

  /** Accepts a committed frame. Never throws: the commit is final, and a frame of another node may have any shape. */
  accept(frame: FeedFrame): void {
    try {
      this.sequencer.accept(frame, performance.now());
    } catch (error) {
      this.node.sequencerFailed(this.feed, error);
    }
    this.pump();
  }

  noticeHead(rev: number): void {
    this.sequencer.noticeHead(rev);
    this.pump();
  }

  /** Emits frames that are due, and schedules the rest. */
  pump(): void {
    if (this.#isStopped) return;
    try {
      this.#emitPaced();
      this.#repairWhenDue();
    } catch (error) {
      this.node.sequencerFailed(this.feed, error);
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#frameTimer);
    clearTimeout(this.#repairTimer);
    this.unsubscribe?.();
  }

  /** Emits a frame if the interval since the last one is over. Changes within the interval share one frame. */
  #emitPaced(): void {
    const head = this.sequencer.head;
    if (this.#isEmitting || this.#frameTimer !== undefined || !this.sequencer.hasFrame || head === undefined) return;
    if (!this.node.mayDeliver(head) || (head.isPrivate && this.sequencer.isBelowHead)) return;
    const wait = this.#nextFrameAt - performance.now();
    if (wait > 0) {
      this.#frameTimer = setTimeout(() => {
        this.#frameTimer = undefined;
        this.pump();
      }, wait);
      return;
    }
    const frame = this.sequencer.take();
    if (frame === undefined) return;
    this.#isEmitting = true;
    const emitted = () => {
      this.#isEmitting = false;
      this.pump();
    };
    this.#emit(frame).then(emitted, (error: unknown) => void this.#emitEncodable(frame, error).then(emitted));
  }

  /** Emits a frame that failed again, without changes that can't be encoded: its toRev passes them. Never rejects. */
  async #emitEncodable(frame: FeedFrame, error: unknown): Promise<void> {
    this.node.emitFailed(this.feed, error);
    const changes = frame.changes.filter(isEncodable);
    await this.#emit({ ...frame, changes }).catch((again: unknown) => this.node.emitFailed(this.feed, again));
  }

  async #emit(frame: FeedFrame): Promise<void> {
    if (frame.fromRev === frame.toRev) await this.node.beforeGap(this.feed);
    for (const change of frame.changes) this.node.beforeEmit(this.feed, change);
    const [fact, payload] = this.source.fact(this.#id, this.node.epoch, frame);
    let spentMs = 0;
    const slices = this.#isConversation ? this.#sliceSizes.length : 1;
    for (let slice = 0; slice < slices; slice++) {
      if (this.#sliceSizes[slice] === 0) continue;
      if (slice > 0) await new Promise((resume) => setImmediate(resume));
      const began = performance.now();
      this.node.realtime.emit(this.#room(slice), fact, payload);
      spentMs += performance.now() - began;
    }
    this.node.metrics.fanoutDuration.observe(spentMs / 1000);
    this.node.metrics.deliveries.inc(this.#subscribers.size);
    this.#nextFrameAt = performance.now() + Math.max(limits.frameIntervalMs, limits.frameFanoutFactor * spentMs);
  }

  #repairWhenDue(): void {
    if (this.#repairTimer !== undefined) return;
    const wait = this.sequencer.repairWait(performance.now());
    if (wait === undefined) return;
    if (wait > 0) {
      this.#repairTimer = setTimeout(() => {
        this.#repairTimer = undefined;
        this.pump();
      }, wait);
      return;
    }
    const fromRev = this.sequencer.beginRepair(performance.now());
    if (fromRev !== undefined) void this.#repair(fromRev);
  }

  async #repair(fromRev: number): Promise<void> {
    try {
      const page = await this.source.changesAfter(this.#id, fromRev);
      if (page === undefined) throw new Error('the feed is gone');
      this.sequencer.endRepair(fromRev, page, performance.now());
      this.pump();
    } catch (error) {
      // The next check of the heads tries again; an immediate retry would overload a database that is restarting.
      this.sequencer.endRepair(fromRev, undefined, performance.now());
      this.node.repairFailed(this.feed, error);
    }
  }

  #room(slice: number): string {
    return this.#isConversation ? channels.conversation(this.#id, slice) : channels.user(this.#id);
  }
}

function isEncodable(change: FeedChange): boolean {
  try {
    return JSON.stringify(change) !== undefined;
  } catch {
    return false;
  }
}
