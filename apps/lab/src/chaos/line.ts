import { type Server, type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Chance } from '../chance';

/** A server that a line can lead to. */
export interface LineEnd {
  readonly port: number;
  readonly isUp: boolean;
}

interface Pair {
  near: Socket;
  far: Socket | undefined;
  /** Server of the far side. */
  end: LineEnd | undefined;
  /** Nothing passes any more, whatever the two sides believe. */
  isMute: boolean;
}

/**
 * The network of one device, or between a server and what it depends on: a TCP proxy that leads each connection to a
 * living server and can do to it what networks do. The address stays the same whatever happens behind it.
 */
export class Line {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isStalled = false;
  #isOffline = false;
  #delayMs = 0;
  /** Servers that the next connection should not lead to. */
  #avoided: ReadonlySet<LineEnd> = new Set();

  private constructor(
    private readonly ends: readonly LineEnd[],
    private readonly chance: Chance,
  ) {
    this.#server = createServer((near) => this.#accept(near));
  }

  static async open(ends: readonly LineEnd[], chance: Chance): Promise<Line> {
    const line = new Line(ends, chance);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resets every connection, as a network that is left does. */
  cut(): void {
    for (const pair of this.#pairs) this.#end(pair);
  }

  /** Closes every connection in order, as a load balancer that moves its clients does. The next one leads elsewhere. */
  move(): void {
    const pairs = [...this.#pairs].filter(({ isMute }) => !isMute);
    this.#avoided = new Set(pairs.flatMap(({ end }) => end ?? []));
    for (const { near, far } of pairs) for (const side of [near, far]) side?.end();
  }

  /** While stalled nothing passes and nothing is lost. */
  setStalled(isStalled: boolean): void {
    this.#isStalled = isStalled;
    for (const { near, far } of this.#pairs) {
      for (const side of [near, far]) {
        if (isStalled) side?.pause();
        else side?.resume();
      }
    }
  }

  /** Everything arrives later by this, in its order. */
  setDelay(ms: number): void {
    this.#delayMs = ms;
  }

  /** While offline nothing connects. */
  setOffline(isOffline: boolean): void {
    this.#isOffline = isOffline;
    if (isOffline) this.cut();
  }

  /** One side of each connection is gone and the other one does not know. */
  loseSide(side: 'server' | 'client'): void {
    for (const pair of this.#pairs) {
      pair.isMute = true;
      (side === 'server' ? pair.far : pair.near)?.destroy();
    }
  }

  /** Ends what only looks alive: whoever still holds it gets a reset. */
  endHalfOpen(): void {
    for (const pair of this.#pairs) if (pair.isMute) this.#end(pair);
  }

  heal(): void {
    this.setDelay(0);
    this.setOffline(false);
    this.setStalled(false);
    this.endHalfOpen();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #accept(near: Socket): void {
    if (this.#isOffline) return void near.resetAndDestroy();
    const pair: Pair = { near, far: undefined, end: undefined, isMute: false };
    this.#pairs.add(pair);
    near.on('error', () => undefined);
    near.on('close', () => this.#closed(pair));
    near.pause();
    const rank = (end: LineEnd) => (end.isUp ? 0 : 2) + (this.#avoided.has(end) ? 1 : 0);
    const ends = this.chance.shuffled(this.ends).sort((a, b) => rank(a) - rank(b));
    this.#avoided = new Set();
    this.#reach(pair, ends);
  }

  /** Tries the servers in turn; nobody there is a reset. */
  #reach(pair: Pair, [end, ...others]: readonly LineEnd[]): void {
    if (!end) return this.#end(pair);
    const far = connect(end.port, '127.0.0.1');
    far.once('error', () => {
      if (!pair.far) this.#reach(pair, others);
    });
    far.once('connect', () => {
      if (pair.near.destroyed) return void far.resetAndDestroy();
      pair.far = far;
      pair.end = end;
      far.on('error', () => undefined);
      far.on('close', () => this.#closed(pair));
      this.#forward(pair, pair.near, far);
      this.#forward(pair, far, pair.near);
      if (this.#isStalled) far.pause();
      else pair.near.resume();
    });
  }

  #forward(pair: Pair, from: Socket, to: Socket): void {
    let last = Promise.resolve();
    from.on('data', (chunk) => {
      const dueAt = Date.now() + this.#delayMs;
      // One after the other, so that a delay that ends lets nothing overtake.
      last = last.then(async () => {
        const left = dueAt - Date.now();
        if (left > 0) await new Promise((resume) => setTimeout(resume, left));
        if (!pair.isMute && to.writable) to.write(chunk);
      });
    });
    from.on('end', () => {
      last = last.then(() => void (pair.isMute || to.end()));
    });
  }

  #closed(pair: Pair): void {
    if (!pair.isMute) return this.#end(pair);
    if (pair.near.destroyed && (pair.far?.destroyed ?? true)) this.#pairs.delete(pair);
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair);
    for (const side of [pair.near, pair.far]) if (side && !side.destroyed) side.resetAndDestroy();
  }
}
