import { Cluster, Redis } from 'ioredis';
import {
  createRedisClient,
  isolate,
  eventLog,
  limits,
  problemOf,
  problemOfInfo,
  type RedisConfig,
  type RedisProblem,
} from '@cloudhop/api/platform';

const log = eventLog('node_bus');

export interface TransportListener {
  /** Called when the clients are connected, at first and after each interruption: nothing is subscribed then. */
  connected(): void;
  received(channel: string, message: Buffer): void;
  /** Called with the reason why Redis can't be used, and with undefined once it can. */
  problem(problem: RedisProblem | undefined): void;
}

/**
 * Clients of the bus: one that publishes and one that subscribes; one Cluster client does both, by sharded channels. All
 * methods may reject; nothing is queued while Redis is away.
 */
export class RedisTransport {
  #publisher: Redis | Cluster;
  #subscriber: Redis | Cluster;
  #isFit = false;
  /** True once the listener heard that both clients are connected. */
  #isAnnounced = false;
  #checkedAt = -Infinity;
  #isClosed = false;

  constructor(
    private readonly config: RedisConfig,
    private readonly listener: TransportListener,
  ) {
    [this.#publisher, this.#subscriber] = this.#make();
  }

  /** True if the bus is split into several slots, and a command may name only channels of one slot. */
  get isSharded(): boolean {
    return this.config.kind === 'cluster';
  }

  /** True while both clients are connected to servers that are fit for use. */
  get isReady(): boolean {
    return this.#isFit && this.#publisher.status === 'ready' && this.#subscriber.status === 'ready';
  }

  connect(): void {
    for (const client of new Set([this.#publisher, this.#subscriber]))
      // The reason comes by the error event.
      client.connect().catch(() => undefined);
  }

  publish(channel: string, message: Buffer): Promise<unknown> {
    const client = this.#publisher;
    return client instanceof Cluster ? client.spublish(channel, message) : client.publish(channel, message);
  }

  /** Subscribes to channels, which are of one slot if the transport is sharded. */
  subscribe(channels: readonly string[]): Promise<unknown> {
    const client = this.#subscriber;
    return client instanceof Cluster ? client.ssubscribe(...channels) : client.subscribe(...channels);
  }

  unsubscribe(channels: readonly string[]): Promise<unknown> {
    const client = this.#subscriber;
    return client instanceof Cluster ? client.sunsubscribe(...channels) : client.unsubscribe(...channels);
  }

  /** Sends something on each connection, so that a server which answers nothing is cut off, and checks its role again. */
  ping(): void {
    const clients = [this.#publisher, this.#subscriber] as const;
    if (!clients.every(({ status }) => status === 'ready')) return;
    for (const client of clients) if (client instanceof Redis) client.ping().catch(() => undefined);
    const isDue = !this.#isFit || performance.now() - this.#checkedAt > limits.redisCheckMs;
    if (isDue) void this.#checkFitness(this.#publisher);
  }

  /** Replaces the clients by new ones. */
  renew(): void {
    if (this.#isClosed) return;
    this.#dispose();
    this.#isFit = this.#isAnnounced = false;
    [this.#publisher, this.#subscriber] = this.#make();
    this.connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#dispose();
  }

  #dispose(): void {
    for (const client of new Set([this.#publisher, this.#subscriber])) {
      client.removeAllListeners();
      client.on('error', () => undefined);
      client.disconnect();
    }
  }

  #make(): [publisher: Redis | Cluster, subscriber: Redis | Cluster] {
    const publisher = createRedisClient(this.config, 'publisher');
    const isCluster = publisher instanceof Cluster;
    const subscriber = isCluster ? publisher : createRedisClient(this.config, 'subscriber');
    for (const client of new Set([publisher, subscriber])) {
      client.on('error', (error: unknown) => this.#failed(error));
      client.on('ready', () => void this.#checkFitness(publisher));
      // Whatever was subscribed is not any more.
      client.on('close', () => (this.#isFit = this.#isAnnounced = false));
    }
    subscriber.on(isCluster ? 'smessageBuffer' : 'messageBuffer', (channel: Buffer | string, message: Buffer) =>
      isolate(log, 'node_bus.receive_failed', () => this.listener.received(channel.toString(), message)),
    );
    return [publisher, subscriber];
  }

  /** Reads INFO: a replica, or a server that is too old, must not be used. */
  async #checkFitness(publisher: Redis | Cluster): Promise<void> {
    this.#checkedAt = performance.now();
    try {
      const info = await infoOf(publisher);
      if (publisher !== this.#publisher || this.#isClosed) return;
      const problem = problemOfInfo(info, this.isSharded ? 'cluster' : 'server');
      const wasFit = this.#isFit;
      this.#isFit = problem === undefined;
      if (this.#isFit !== wasFit || problem !== undefined) this.listener.problem(problem);
      if (!this.isReady || this.#isAnnounced) return;
      this.#isAnnounced = true;
      this.listener.connected();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (!this.#isClosed && !this.isReady) this.listener.problem(problemOf(error));
  }
}

/** Returns INFO; an empty one if an ACL forbids it, so that nothing can be said against the server. */
async function infoOf(client: Redis | Cluster): Promise<string> {
  try {
    return await client.info();
  } catch (error) {
    if (problemOf(error).code === 'not_permitted') return '';
    throw error;
  }
}
