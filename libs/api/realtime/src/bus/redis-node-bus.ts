import { createHash, randomBytes } from 'node:crypto';
import {
  eventLog,
  isolate,
  limits,
  type Metrics,
  problemOf,
  type RedisConfig,
  type RedisProblem,
} from '@cloudhop/api/platform';
import type { FeedKey } from '../feeds/feed';
import {
  added,
  type BusState,
  type EphemeralListener,
  type FrameListener,
  NodeBus,
  type PublishedFrame,
} from './node-bus';
import { type BusContent, BusMessages } from './bus-message';
import { RedisTransport } from './redis-transport';

const log = eventLog('node_bus');

export interface RedisNodeBusOptions {
  redis: RedisConfig;
  /** Secret that all nodes of the instance share. Messages are signed with a key that is derived from it. */
  secret: string;
  /** Fingerprint of the database: channels begin with it, so that two instances on one Redis never meet. */
  fingerprint: string;
  /** Returns the timeline of the database. Messages of another one are ignored. */
  epoch: () => string;
  metrics: Metrics;
}

/**
 * Hash tags of channels in a cluster: few, so that one command subscribes to many channels, and so that each is probed;
 * more than a cluster for a chat has shards.
 */
const clusterBuckets = 16;

/** Part of the channels that lies in one slot of a cluster; without a cluster there is one. */
interface Bucket {
  tag: string;
  probeChannel: string;
  /** Time of the last probe that came back. */
  echoedAt: number;
  /** Channels that Redis was asked to subscribe to. */
  subscribed: Set<string>;
}

/**
 * Bus on Redis, by pub/sub. Redis is trusted with nothing and may go at any time: each message is signed, publishing is
 * bounded in time, bytes and commands in flight, and a node sends messages to itself to see that the bus works. All
 * methods return at once while Redis is away.
 */
export class RedisNodeBus extends NodeBus {
  readonly #options: RedisNodeBusOptions;
  readonly #messages: BusMessages;
  readonly #transport: RedisTransport;
  readonly #buckets: readonly Bucket[];
  readonly #bucketByProbe: ReadonlyMap<string, Bucket>;
  readonly #frameListeners = new Map<string, Set<FrameListener>>();
  readonly #ephemeralListeners = new Map<string, Set<EphemeralListener>>();
  readonly #stateListeners: ((state: BusState) => void)[] = [];
  readonly #gapListeners: (() => void)[] = [];
  /** Channels whose subscription may have to change, until the next flush. */
  readonly #changedChannels = new Set<string>();
  #flush: Promise<void> | undefined;
  #state: BusState = 'interrupted';
  #problem: RedisProblem | undefined;
  #inFlight = 0;
  #bytesInFlight = 0;
  /** Time of the last answer to a publish, or of the first publish after a pause. */
  #answeredAt = 0;
  #hasGap = false;
  #gapAt = -Infinity;
  #connectedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RedisNodeBusOptions) {
    super();
    this.#options = options;
    this.#messages = new BusMessages(options.secret, limits.busMessageBytes);
    this.#transport = new RedisTransport(options.redis, {
      connected: () => this.#subscribeAgain(),
      received: (channel, message) => this.#receive(channel, message),
      problem: (problem) => this.#noticeProblem(problem),
    });
    const node = randomBytes(8).toString('hex');
    const count = this.#transport.isSharded ? clusterBuckets : 1;
    this.#buckets = Array.from({ length: count }, (_, index): Bucket => {
      const tag = `cloudhop:{${options.fingerprint}.${index}}`;
      return { tag, probeChannel: `${tag}:probe:${node}`, echoedAt: -Infinity, subscribed: new Set() };
    });
    this.#bucketByProbe = new Map(this.#buckets.map((bucket) => [bucket.probeChannel, bucket]));
  }

  /** Connects, in the background: a Redis that is away keeps nobody from starting. */
  override start(): void {
    this.#transport.connect();
    this.#timer = setInterval(
      () => isolate(log, 'node_bus.probe_failed', () => this.#probe(performance.now())),
      limits.busProbeMs,
    );
  }

  /** Disconnects. What was published before and is not answered may be lost. */
  override stop(): void {
    clearInterval(this.#timer);
    this.#transport.close();
  }

  override get state(): BusState {
    return this.#state;
  }

  override get problem(): RedisProblem | undefined {
    return this.#problem;
  }

  override onStateChange(listener: (state: BusState) => void): void {
    this.#stateListeners.push(listener);
  }

  override onGap(listener: () => void): void {
    this.#gapListeners.push(listener);
  }

  override publish(frame: PublishedFrame): void {
    this.#publish(this.#channel(frame.feed), { epoch: frame.epoch, kind: 'frame', body: frame });
  }

  override subscribe(feed: FeedKey, listener: FrameListener): Promise<() => void> {
    return this.#subscribe(this.#frameListeners, this.#channel(feed), listener);
  }

  override publishEphemeral(channel: string, message: object): void {
    this.#publish(this.#channel(channel), { epoch: this.#options.epoch(), kind: 'ephemeral', body: message });
  }

  override subscribeEphemeral(channel: string, listener: EphemeralListener): Promise<() => void> {
    return this.#subscribe(this.#ephemeralListeners, this.#channel(channel), listener);
  }

  /** Returns the number of subscribed channels, those of the probes included. */
  get subscriptions(): number {
    return this.#buckets.reduce((sum, { subscribed }) => sum + subscribed.size, 0);
  }

  #publish(channel: string, content: BusContent): void {
    const { metrics } = this.#options;
    const reason = this.#reasonToDrop(performance.now());
    if (reason !== undefined) return content.kind === 'probe' ? undefined : this.#drop(reason);
    let message: Buffer;
    try {
      message = this.#messages.sign(channel, content);
    } catch (error) {
      log.error('node_bus.encode_failed', error);
      return this.#drop('malformed');
    }
    if (message.length > limits.busMessageBytes) return this.#drop('size');
    if (this.#inFlight === 0) this.#answeredAt = performance.now();
    this.#inFlight++;
    this.#bytesInFlight += message.length;
    metrics.busPublished.inc();
    metrics.busPublishedBytes.inc(message.length);
    const settled = () => {
      this.#inFlight--;
      this.#bytesInFlight -= message.length;
    };
    this.#transport.publish(channel, message).then(
      () => {
        settled();
        this.#answeredAt = performance.now();
      },
      (error: unknown) => {
        settled();
        this.#drop('failed');
        // An answer of Redis, such as a refusal by its ACL.
        if (isReply(error)) this.#noticeProblem(problemOf(error));
      },
    );
  }

  /** Returns the reason why nothing may be published now; undefined if it may. */
  #reasonToDrop(now: number): string | undefined {
    if (!this.#transport.isReady) return 'away';
    if (this.#inFlight >= limits.busPublishesInFlight) return 'commands';
    if (this.#bytesInFlight >= limits.busBytesInFlight) return 'bytes';
    if (this.#inFlight > 0 && now - this.#answeredAt > limits.busStallMs) return 'stalled';
    return undefined;
  }

  #drop(reason: string): void {
    this.#options.metrics.busDropped.inc({ reason });
    this.#hasGap = true;
  }

  async #subscribe<L>(listeners: Map<string, Set<L>>, channel: string, listener: L): Promise<() => void> {
    const remove = added(listeners, channel, listener);
    await this.#change(channel);
    return () => {
      remove();
      void this.#change(channel);
    };
  }

  /** Changes the subscription of a channel. Resolves when Redis has answered, or can't or doesn't in time. */
  #change(channel: string): Promise<void> {
    if (!this.#transport.isReady) return Promise.resolve();
    this.#changedChannels.add(channel);
    // All changes of one turn of the event loop share a command: a thousand handshakes come at once.
    this.#flush ??= new Promise((resolve) =>
      setImmediate(() => {
        this.#flush = undefined;
        resolve(this.#flushChanges());
      }),
    );
    return this.#flush;
  }

  async #flushChanges(): Promise<void> {
    const channels = [...this.#changedChannels];
    this.#changedChannels.clear();
    const answers: Promise<unknown>[] = [];
    for (const [bucket, ofBucket] of this.#grouped(channels)) {
      const toAdd = ofBucket.filter((channel) => this.#isWanted(channel) && !bucket.subscribed.has(channel));
      const toRemove = ofBucket.filter((channel) => !this.#isWanted(channel) && bucket.subscribed.has(channel));
      answers.push(...this.#send(bucket, toAdd), ...this.#revoke(bucket, toRemove));
    }
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, limits.busSubscribeMs)));
    await Promise.race([Promise.all(answers), tooLate]);
    clearTimeout(timer);
  }

  #send(bucket: Bucket, channels: readonly string[]): Promise<unknown>[] {
    for (const channel of channels) bucket.subscribed.add(channel);
    return chunked(channels).map((chunk) =>
      this.#transport.subscribe(chunk).catch(() => {
        for (const channel of chunk) bucket.subscribed.delete(channel);
        this.#hasGap = true;
      }),
    );
  }

  #revoke(bucket: Bucket, channels: readonly string[]): Promise<unknown>[] {
    for (const channel of channels) bucket.subscribed.delete(channel);
    return chunked(channels).map((chunk) => this.#transport.unsubscribe(chunk).catch(() => undefined));
  }

  /** Subscribes to everything, on clients that are new or were disconnected. */
  #subscribeAgain(): void {
    this.#connectedAt = performance.now();
    this.#hasGap = true;
    for (const bucket of this.#buckets) {
      bucket.subscribed.clear();
      bucket.echoedAt = -Infinity;
    }
    const wanted = new Set([...this.#frameListeners.keys(), ...this.#ephemeralListeners.keys()]);
    for (const [bucket, ofBucket] of this.#grouped(wanted)) void this.#send(bucket, ofBucket);
    // Last: once a probe comes back, the other channels of its connection are subscribed too.
    for (const bucket of this.#buckets) void this.#send(bucket, [bucket.probeChannel]);
    this.#sendProbes(this.#connectedAt);
  }

  /** Sends a message to this node through each bucket, and judges by those that came back before. */
  #probe(now: number): void {
    this.#judge(now);
    if (this.#state === 'interrupted' && now - this.#lastEcho > limits.busRenewMs) {
      this.#connectedAt = now;
      this.#transport.renew();
    }
    this.#transport.ping();
    this.#sendProbes(now);
  }

  #sendProbes(now: number): void {
    for (const { probeChannel } of this.#buckets)
      this.#publish(probeChannel, { epoch: this.#options.epoch(), kind: 'probe', body: { at: now } });
  }

  #judge(now: number): void {
    const isEchoed = this.#buckets.every(({ echoedAt }) => now - echoedAt < limits.busSilentMs);
    const isHealthy = this.#transport.isReady && isEchoed;
    this.#setState(isHealthy ? 'connected' : 'interrupted');
    if (!isHealthy || !this.#hasGap || now - this.#gapAt < limits.busGapMs) return;
    this.#hasGap = false;
    this.#gapAt = now;
    for (const listener of this.#gapListeners) isolate(log, 'node_bus.listener_failed', listener);
  }

  /** Time of the oldest last echo, and not before the clients were connected. */
  get #lastEcho(): number {
    return Math.max(this.#connectedAt, Math.min(...this.#buckets.map(({ echoedAt }) => echoedAt)));
  }

  #setState(state: BusState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'interrupted') this.#hasGap = true;
    if (state === 'connected') log.info('node_bus.connected', { subscriptions: this.subscriptions });
    else log.warn('node_bus.interrupted');
    for (const listener of this.#stateListeners) isolate(log, 'node_bus.listener_failed', () => listener(state));
  }

  #noticeProblem(problem: RedisProblem | undefined): void {
    if (problem?.code === this.#problem?.code) return;
    this.#problem = problem;
    if (problem) log.warn('node_bus.redis_unusable', { code: problem.code, sentence: problem.sentence });
  }

  #receive(channel: string, message: Buffer): void {
    const bucket = this.#bucketByProbe.get(channel);
    if (bucket === undefined && this.#messages.isOwn(message)) return;
    const { metrics } = this.#options;
    metrics.busReceived.inc();
    const opened = this.#messages.open(channel, message);
    if ('ignored' in opened) return void metrics.busIgnored.inc({ reason: opened.ignored });
    const { epoch, kind, body } = opened.content;
    if (kind === 'probe') return this.#noticeEcho(bucket, body as { at?: unknown });
    if (epoch !== this.#options.epoch()) return void metrics.busIgnored.inc({ reason: 'epoch' });
    if (kind === 'frame') this.#deliver(this.#frameListeners.get(channel), body as PublishedFrame);
    else this.#deliver(this.#ephemeralListeners.get(channel), body as object);
  }

  #noticeEcho(bucket: Bucket | undefined, { at }: { at?: unknown }): void {
    if (bucket === undefined || typeof at !== 'number') return;
    const now = performance.now();
    bucket.echoedAt = now;
    this.#options.metrics.busRoundTrip.observe(Math.max(0, now - at) / 1000);
    if (this.#problem !== undefined) this.#noticeProblem(undefined);
    if (this.#state === 'interrupted') this.#judge(now);
  }

  #deliver<M>(listeners: ReadonlySet<(message: M) => void> | undefined, message: M): void {
    for (const listener of listeners ?? []) isolate(log, 'node_bus.listener_failed', () => listener(message));
  }

  #isWanted(channel: string): boolean {
    return this.#frameListeners.has(channel) || this.#ephemeralListeners.has(channel);
  }

  #channel(name: string): string {
    const { tag } = this.#buckets[this.#buckets.length === 1 ? 0 : hashOf(name) % this.#buckets.length]!;
    return `${tag}:${name}`;
  }

  #grouped(channels: Iterable<string>): Map<Bucket, string[]> {
    const groups = new Map<Bucket, string[]>();
    for (const channel of channels) {
      const bucket = this.#bucketOf(channel);
      const group = groups.get(bucket);
      if (group) group.push(channel);
      else groups.set(bucket, [channel]);
    }
    return groups;
  }

  #bucketOf(channel: string): Bucket {
    return this.#buckets.find(({ tag }) => channel.startsWith(`${tag}:`))!;
  }
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function hashOf(name: string): number {
  return createHash('md5').update(name).digest().readUInt32LE();
}

function chunked(channels: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < channels.length; at += limits.busSubscribeChunk)
    chunks.push(channels.slice(at, at + limits.busSubscribeChunk));
  return chunks;
}
