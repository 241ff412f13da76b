import { limits as wire } from '@cloudhop/contracts';
import { type AppSocket, channels, limits, type Metrics, type RealtimeServer } from '@cloudhop/api/platform';
import { type FeedChange, type FeedFrame, type FeedHead, type FeedKey, type FeedSource, parseFeed } from './feed';
import { Sequencer } from './sequencer';

/** What a runner needs of its node. */
export interface FeedNode {
  readonly epoch: string;
  readonly realtime: RealtimeServer;
  readonly metrics: Metrics;
  /** False when this node has not been able to check who may read for too long. */
  mayDeliver(head: FeedHead): boolean;
  /** Runs before a change is emitted, so that who loses the right to read is gone by then. */
  beforeEmit(feed: FeedKey, change: FeedChange): void;
  /** Runs before it is told that changes were passed over: some of them may have taken somebody's reading away. */
  beforeGap(feed: FeedKey): Promise<void>;
  repairFailed(feed: FeedKey, error: unknown): void;
  /** A frame could not be emitted as it was. */
  emitFailed(feed: FeedKey, error: unknown): void;
  /** The sequencer failed: it must restart at the head of Postgres. */
  sequencerFailed(feed: FeedKey, error: unknown): void;
}

/** One followed feed on this node: its sequencer, its local sockets, and the pace of its frames. */
export class FeedRunner {
  readonly sequencer: Sequencer;
  /** Each subscriber's slice; none before it is admitted. */
  readonly #subscribers = new Map<AppSocket, number | undefined>();
  /** Made when it is asked for and kept until somebody comes or goes: each change of a frame asks. */
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
  /** Resolves when the runner has its position; set by the hub. */
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

  /** A list that never changes once it is out: whoever walks through it may let sockets go meanwhile. */
  get subscribers(): readonly AppSocket[] {
    return (this.#subscriberList ??= [...this.#subscribers.keys()]);
  }

  get rooms(): string[] {
    return this.#isConversation ? this.#sliceSizes.map((_, slice) => this.#room(slice)) : [this.#room(0)];
  }

  /** Milliseconds since the last subscriber left; 0 while there is one. */
  idleMs(now: number): number {
    return this.#subscribers.size > 0 ? 0 : now - this.#emptySince;
  }

  add(socket: AppSocket): void {
    if (this.#subscribers.has(socket)) return;
    this.#subscribers.set(socket, undefined);
    this.#subscriberList = undefined;
  }

  /** Lets a subscriber hear what is emitted from now on. False when it does not follow any more. */
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

  /** Takes a committed frame. Never throws: the commit stands, and a frame of another node may have any shape. */
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

  /** Emits what may be emitted now, and arranges for the rest. */
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

  /** Commits need no timer, delivery does: what comes within the interval is told in one frame. */
  #emitPaced(): void {
    const head = this.sequencer.head;
    if (this.#isEmitting || this.#frameTimer !== undefined || !this.sequencer.hasFrame || head === undefined) return;
    if (!this.node.mayDeliver(head)) return;
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
      // The next head check tries again; trying at once would storm a database that is coming back.
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
