import { createHmac } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ENV, type Env } from '../env';
import { eventLog } from '../event-log';
import { type RedisKeys, redisKeys } from '../keys';
import { limits } from '../limits';
import { Metrics } from '../metrics';
import { createRedisClient, type RedisClient } from '../redis/redis-client';
import { problemOf, type RedisProblem } from '../redis/redis-problem';
import { SECRETS, type Secrets } from '../secrets';

const log = eventLog('limits');

const probeTtlMs = 60_000;

/** Script that all nodes run on keys in Redis. */
export interface LimitScript {
  /** Name of the command on the client. */
  name: string;
  lua: string;
}

export interface LimitStoreStart {
  /** Fingerprint of the database, with which all keys begin. */
  fingerprint: string;
  /** Returns the number of nodes; undefined while it isn't known. */
  countNodes: () => number | undefined;
}

/** Reason why limits are counted in this process, by which metrics name it. */
interface LocalReason {
  code: RedisProblem['code'] | 'starting' | 'slow' | 'full' | 'failed';
  sentence: string;
}

class LateAnswer extends Error {}

/**
 * Redis as the store of the limits that all nodes share, behind a breaker. The breaker opens with the first answer that
 * is late or an error: from then on nobody waits for Redis, and each node counts by itself, with its share of the limit.
 * A probe at an interval closes it. Without REDIS_URL it never closes, and the share is the whole limit.
 */
@Injectable()
export class LimitStore implements OnApplicationShutdown {
  readonly #client: RedisClient | undefined;
  readonly #secret: string;
  #keys: RedisKeys | undefined;
  #countNodes: () => number | undefined = () => undefined;
  #nodes = 1;
  /** Absent while the breaker is closed. */
  #reason: LocalReason | undefined = { code: 'starting', sentence: 'Redis was not asked yet.' };
  /** Last error of the connection: a command without a connection doesn't say why there is none. */
  #connectionError: unknown;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    @Inject(ENV) { REDIS_URL }: Pick<Env, 'REDIS_URL'>,
    @Inject(SECRETS) { refreshKey }: Pick<Secrets, 'refreshKey'>,
    private readonly metrics: Metrics,
  ) {
    this.#secret = refreshKey;
    if (REDIS_URL === undefined) return;
    this.#client = createRedisClient(REDIS_URL, 'limits');
    this.#client.on('error', (error: unknown) => (this.#connectionError = error));
    this.#client.on('ready', () => (this.#connectionError = undefined));
  }

  /** True while limits are counted in Redis. */
  get isShared(): boolean {
    return this.#reason === undefined;
  }

  /** Connects, in the background. Until then limits are counted in this process. */
  start({ fingerprint, countNodes }: LimitStoreStart): void {
    if (!this.#client) return;
    this.#keys = redisKeys(fingerprint, (text) =>
      createHmac('sha256', this.#secret).update(`cloudhop limits 1\n${text}`).digest('base64url').slice(0, 22),
    );
    this.#countNodes = countNodes;
    const probe = () => void this.#probe();
    this.#client.connect().then(probe, probe);
    this.#timer = setInterval(probe, limits.limitsProbeMs).unref();
  }

  onApplicationShutdown(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#client?.disconnect();
  }

  /**
   * Returns the part of a limit that this node grants while it counts by itself: the limit divided by the number of nodes
   * that was last known, and at least 1.
   */
  shareOf(limit: number): number {
    return limit === 0 ? 0 : Math.max(1, Math.floor(limit / this.#nodes));
  }

  /**
   * Runs one command and waits limits.limitsWaitMs at most. Returns undefined if Redis is away, at once after the first
   * time; never rejects. The command may take effect later nevertheless.
   */
  async ask<T extends object>(command: (client: RedisClient, keys: RedisKeys) => Promise<T>): Promise<T | undefined> {
    if (!this.#client) return undefined;
    if (this.#reason === undefined) {
      try {
        return await this.#inTime(command);
      } catch (error) {
        this.#open(error);
      }
    }
    this.metrics.limitsLocal.inc({ reason: this.#reason!.code });
    return undefined;
  }

  /** Runs a script on `keys`, and returns its reply, a list of integers. Returns undefined if Redis is away. */
  run(
    { name, lua }: LimitScript,
    keysOf: (keys: RedisKeys) => readonly string[],
    parameters: readonly (string | number)[],
  ): Promise<readonly number[] | undefined> {
    return this.ask(async (client, redis) => {
      const commands = client as unknown as Record<string, (...words: unknown[]) => Promise<unknown>>;
      if (commands[name] === undefined) client.defineCommand(name, { lua });
      const keys = keysOf(redis);
      const reply = await commands[name]!(keys.length, ...keys, ...parameters);
      if (Array.isArray(reply) && reply.every(Number.isSafeInteger)) return reply as number[];
      throw new TypeError(`${name} returned something else than integers`);
    });
  }

  /** Looks whether Redis takes writes in time: one that is full or a replica answers to everything else. */
  async #probe(): Promise<void> {
    try {
      await this.#inTime((client, keys) => client.set(keys.probe(), 1, 'PX', probeTtlMs));
    } catch (error) {
      return this.#open(error);
    }
    this.#nodes = Math.max(1, this.#countNodes() ?? this.#nodes);
    if (this.#isStopped || this.#reason === undefined) return;
    this.#reason = undefined;
    log.info('limits.shared', { nodes: this.#nodes });
  }

  async #inTime<T>(command: (client: RedisClient, keys: RedisKeys) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      // An answer that has arrived while this process was busy is read between the two.
      timer = setTimeout(() => setImmediate(() => reject(new LateAnswer())), limits.limitsWaitMs);
    });
    try {
      // What loses the race is caught by it.
      return await Promise.race([command(this.#client!, this.#keys!), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #open(error: unknown): void {
    const reason = this.#reasonOf(error);
    if (!this.#isStopped && (this.#reason === undefined || this.#reason.code === 'starting'))
      log.warn('limits.local', { code: reason.code, sentence: reason.sentence, nodes: this.#nodes });
    this.#reason = reason;
  }

  #reasonOf(error: unknown): LocalReason {
    if (error instanceof LateAnswer)
      return { code: 'slow', sentence: `Redis does not answer within ${limits.limitsWaitMs} ms.` };
    if (!(error instanceof Error)) return { code: 'failed', sentence: 'Redis failed.' };
    const isReply = error.name === 'ReplyError';
    if (isReply && error.message.includes('OOM'))
      return { code: 'full', sentence: 'Redis is full: raise maxmemory, or let it evict keys (volatile-ttl).' };
    const problem = problemOf(isReply ? error : (this.#connectionError ?? error));
    if (problem.code !== 'unreachable' || !isReply) return problem;
    return { code: 'failed', sentence: `Redis answers ${error.message.split(' ', 1)[0]}.` };
  }
}
