import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { inTurn, makeGuests } from './guests';
import { Latencies } from './latencies';
import { type Phase, measured, untilQuiet } from './phase';
import { asOne, type ServerKind, type ServerUnderTest, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

/** One stretch of sending at one rate. Deliveries and latencies are those within the stretch. */
export interface RoomPhase extends Phase {
  rate: number;
  /** Messages sent within the stretch. */
  sent: number;
  deliveries: number;
  refused: number;
  p50Ms: number;
  p99Ms: number;
  /** Latencies of the members of each server. */
  byServer: readonly Latencies[];
}

const marker = Buffer.from('"body":"@');
const refusal = Buffer.from('"ok":false');
/** Members that measure how long a message takes; all others only count. */
const probes = 20;

/** Everyone of one room, and what they have received. */
export class Crowd {
  #deliveries = 0;
  #refused = 0;
  readonly #latencies = new Latencies();
  #byServer: Latencies[] = [];
  /** All members of a room get the same bytes: each new frame is searched once. */
  #lastFrame: Buffer = Buffer.alloc(0);
  #sentAt: number[] = [];

  private constructor(
    readonly server: ServerUnderTest,
    private readonly members: WireClient[],
    private readonly conversationId: string,
    private readonly serverCount: number,
  ) {
    const step = Math.max(1, Math.floor(members.length / probes));
    for (const [n, member] of members.entries()) {
      const isProbe = Math.floor(n / serverCount) % Math.ceil(step / serverCount) === 0;
      member.onEvent = (bytes, from, to) => this.#receive(bytes, from, to, isProbe ? n % serverCount : undefined);
      member.onAcknowledgement = (bytes, from, to) => {
        if (bytes.subarray(from, to).includes(refusal)) this.#refused++;
      };
    }
  }

  static async enter(kind: ServerKind, size: number, profileFolder?: string): Promise<Crowd> {
    return Crowd.spread([await startServer(kind, profileFolder)], kind, size);
  }

  /** Members of servers that act as one, in turn. The servers stay the caller's, unless it calls `leave`. */
  static async spread(servers: readonly ServerUnderTest[], kind: ServerKind, size: number): Promise<Crowd> {
    const guests = kind === 'cloudhop' ? await makeGuests(servers[0]!, size) : [];
    const members = await inTurn(size, (n) => {
      const token = guests[n]?.token;
      return WireClient.open(servers[n % servers.length]!.url, kind, token === undefined ? {} : { token });
    });
    return new Crowd(asOne(servers), members, kind === 'cloudhop' ? await lobbyId() : 'room', servers.length);
  }

  /** Deliveries since the last run began. */
  get deliveries(): number {
    return this.#deliveries;
  }

  /**
   * Sends at `rate` messages a second, by the first `senders` members in turn, and waits until what was sent has come or
   * is lost.
   */
  async run(rate: number, seconds: number, senders = this.members.length): Promise<RoomPhase> {
    this.#deliveries = 0;
    this.#refused = 0;
    this.#latencies.clear();
    this.#byServer = Array.from({ length: this.serverCount }, () => new Latencies());
    let sent = 0;
    const phase = await measured(this.server, async () => {
      const began = performance.now();
      for (let passed = 0; passed < seconds * 1_000; passed = performance.now() - began) {
        for (const due = (passed * rate) / 1_000; sent < due; sent++)
          this.#send(sent % senders, began + (sent * 1_000) / rate);
        await wait(1);
      }
    });
    const result: RoomPhase = {
      ...phase,
      rate,
      sent,
      deliveries: this.#deliveries,
      refused: this.#refused,
      p50Ms: this.#latencies.percentile(0.5),
      p99Ms: this.#latencies.percentile(0.99),
      byServer: this.#byServer,
    };
    await untilQuiet(() => this.#deliveries, 10_000);
    return result;
  }

  close(): void {
    for (const member of this.members) member.close();
  }

  async leave(): Promise<void> {
    this.close();
    await this.server.stop();
  }

  /** `dueAt` is when the rate wanted it sent: what a late generator costs counts as latency, for every server alike. */
  #send(member: number, dueAt: number): void {
    const { conversationId } = this;
    const body = `@${dueAt.toFixed(2)} a message of ordinary length, 大家好`;
    this.members[member]!.emit('message:send', JSON.stringify({ conversationId, id: uuidv7(), body }));
  }

  #receive(bytes: Buffer, from: number, to: number, probedServer: number | undefined): void {
    if (to - from !== this.#lastFrame.length || this.#lastFrame.compare(bytes, from, to) !== 0) {
      this.#lastFrame = Buffer.from(bytes.subarray(from, to));
      this.#sentAt = sendTimes(this.#lastFrame);
    }
    this.#deliveries += this.#sentAt.length;
    if (probedServer === undefined) return;
    const now = performance.now();
    for (const at of this.#sentAt) {
      this.#latencies.add(now - at);
      this.#byServer[probedServer]?.add(now - at);
    }
  }
}

/** Returns the times at which a frame's messages were sent: the numbers behind the marker. */
function sendTimes(frame: Buffer): number[] {
  const times: number[] = [];
  for (let at = frame.indexOf(marker); at !== -1; at = frame.indexOf(marker, at + marker.length)) {
    times.push(Number.parseFloat(frame.toString('latin1', at + marker.length, at + marker.length + 16)));
  }
  return times;
}

async function lobbyId(): Promise<string> {
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(`select id from conversations where kind = 'lobby'`);
    return rows[0]!.id;
  });
}
