import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { forgedMark } from './ledger';

/** All channels of all instances. */
const pattern = 'cloudhop:*';
/** Messages that it remembers, to publish them again. Old ones too: some are of nodes that are gone by then. */
const remembered = 400;
const intervalMs = 40;
/** Longer than any message of the bus. */
const tooLongBytes = 1_100_000;
/** Version, sender and HMAC stand before the JSON of a message. */
const version = 1;
const [senderAt, macAt, jsonAt] = [1, 9, 41];
/** Numbers of a frame that say what comes next. */
const counters: ReadonlySet<string> = new Set(['fromRev', 'toRev', 'rev', 'seq', 'n', 'count']);
/** Texts of a frame that people read. */
const texts: ReadonlySet<string> = new Set(['body', 'displayName', 'title', 'username']);

interface Overheard {
  channel: string;
  message: Buffer;
}

/**
 * Somebody who has the password of Redis, and no more: reads all messages of the bus, and publishes forged, malformed
 * and replayed ones. Everything forged holds `forgedMark`.
 */
export class Intruder {
  readonly #reader: Redis;
  readonly #writer: Redis;
  readonly #overheard: Overheard[] = [];
  #count = 0;
  /** Messages published. */
  published = 0;
  /** Of them, those that Redis delivered to at least one server. */
  delivered = 0;

  constructor(port: number) {
    const options = {
      host: '127.0.0.1',
      port,
      lazyConnect: true,
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
      socketTimeout: 5_000,
      retryStrategy: () => 500,
    };
    this.#reader = new Redis(options);
    this.#writer = new Redis(options);
    for (const client of [this.#reader, this.#writer]) {
      client.on('error', () => undefined);
      client.connect().catch(() => undefined);
    }
    this.#reader.on('ready', () => void this.#reader.psubscribe(pattern).catch(() => undefined));
    this.#reader.on('pmessageBuffer', (_pattern: string, channel: Buffer, message: Buffer) =>
      this.#remember({ channel: channel.toString(), message }),
    );
  }

  /** Publishes messages for `ms`. Never rejects: Redis may be away. */
  async intrude(ms: number): Promise<void> {
    const until = Date.now() + ms;
    let channels = await this.#channels();
    while (Date.now() < until) {
      if (channels.length === 0) channels = await this.#channels();
      await Promise.all(this.#inventions(channels).map(({ channel, message }) => this.#publish(channel, message)));
      await wait(intervalMs);
    }
  }

  close(): void {
    this.#reader.disconnect();
    this.#writer.disconnect();
  }

  #remember(overheard: Overheard): void {
    // Not its own.
    if (overheard.message.includes(forgedMark)) return;
    this.#overheard.push(overheard);
    // Now and then an early one stays.
    if (this.#overheard.length > remembered) this.#overheard.splice(this.#count % 2 === 0 ? 0 : remembered / 2, 1);
  }

  /** Returns the channels that servers have subscribed to. */
  async #channels(): Promise<string[]> {
    try {
      return (await this.#writer.pubsub('CHANNELS', pattern)) as string[];
    } catch {
      return [];
    }
  }

  /** One message of each kind. */
  #inventions(channels: readonly string[]): Overheard[] {
    const n = this.#count++;
    const genuine = this.#overheard[(n * 7) % Math.max(1, this.#overheard.length)];
    const latest = this.#overheard.at(-1);
    const channel = channels[n % Math.max(1, channels.length)];
    if (genuine === undefined || latest === undefined || channel === undefined) return [];
    const next = forgedFrom(latest.message, n);
    return [
      // What would come next on that channel, by the sender of the last one and by an unknown one.
      { channel: latest.channel, message: Buffer.concat([latest.message.subarray(0, jsonAt), next]) },
      { channel: latest.channel, message: signedByNobody(next) },
      { channel, message: signedByNobody(forgedFrom(genuine.message, n)) },
      // Genuine, and not for this channel, or not for this time.
      { channel, message: genuine.message },
      genuine,
      { channel, message: malformed(genuine.message, n, next) },
    ];
  }

  async #publish(channel: string, message: Buffer): Promise<void> {
    try {
      const receivers = await this.#writer.publish(channel, message);
      this.published++;
      // It hears itself by its pattern.
      if (receivers > 1) this.delivered++;
    } catch {
      // Redis is away.
    }
  }
}

function signedByNobody(json: Buffer): Buffer {
  return Buffer.concat([Buffer.from([version]), randomBytes(macAt - senderAt), randomBytes(jsonAt - macAt), json]);
}

/** Returns the JSON of a message with forged texts, as the next one of its feed. */
function forgedFrom(message: Buffer, n: number): Buffer {
  try {
    const content = JSON.parse(message.subarray(jsonAt).toString(), (key, value: unknown) => {
      if (typeof value === 'number' && counters.has(key)) return value + 1;
      return typeof value === 'string' && texts.has(key) ? `${forgedMark} ${n}` : value;
    }) as object;
    return Buffer.from(JSON.stringify({ ...content, note: `${forgedMark} ${n}` }));
  } catch {
    return Buffer.from(`"${forgedMark} ${n}"`);
  }
}

function malformed(genuine: Buffer, n: number, json: Buffer): Buffer {
  const shapes = [
    Buffer.alloc(0),
    randomBytes(60),
    genuine.subarray(0, genuine.length - 1),
    genuine.subarray(0, jsonAt),
    Buffer.concat([Buffer.from([version + 1]), genuine.subarray(1)]),
    json,
    Buffer.from(`{"kind":"frame","body":"${forgedMark}"`),
    ...(n % 40 === 0 ? [Buffer.alloc(tooLongBytes, forgedMark)] : []),
  ];
  return shapes[n % shapes.length]!;
}
