import type { FeedKey } from '@cloudhop/api/realtime';
import type { Fact, Outcome, RequestEffect, Unstamped } from '@cloudhop/sdk/testing';
import type { LinkPart, NodePart, TabPart, WorldPart } from './parts';
import { type Refusal, toBody } from './tasks';

/** Without an answer for so long the outcome is unknown. */
const requestTimeoutMs = 10_000;

/** One socket between a tab and a node, over a line as bad as the weather. */
export class Link implements LinkPart {
  readonly feeds = new Set<FeedKey>();
  userId = '';
  sessionId = '';
  expiresAt = Infinity;
  isOpen = true;
  /** The line swallowed a fact without a sign: only a new connection tells the tab. */
  hasLostFact = false;
  #isAccepted = false;
  #upAt = 0;
  #downAt = 0;

  constructor(
    private readonly world: WorldPart,
    readonly tab: TabPart,
    readonly node: NodePart,
    readonly socket: number,
  ) {}

  /** Sends a request to the node; the answer comes back the same way, or not at all. */
  request(effect: RequestEffect): void {
    const { weather, chance, clock } = this.world;
    const { requestId } = effect;
    const fail = () =>
      clock.after(requestTimeoutMs, () =>
        this.#hear({ type: 'answered', socket: this.socket, requestId, outcome: { ok: false } }),
      );
    if (this.#isLost(weather.loss)) return fail();
    const at = this.#arrival(this.#upAt);
    if (!chance.isTrue(weather.overtake)) this.#upAt = at;
    clock.after(at - clock.now, () => {
      if (!this.isOpen || !this.node.isUp) return;
      this.node.answer(this, effect, (outcome: Outcome) => {
        if (this.#isLost(weather.loss)) return fail();
        this.#down({ type: 'answered', socket: this.socket, requestId, outcome });
      });
    });
  }

  tell(fact: Fact): void {
    const { weather, chance, laws } = this.world;
    // A socket that is not connected yet is told nothing.
    if (!this.isOpen || !this.#isAccepted) return;
    laws.onTold(this, fact);
    const event: Unstamped = { type: 'factReceived', socket: this.socket, fact };
    if (this.#isLost(weather.loss)) {
      this.hasLostFact = true;
      return;
    }
    this.#down(event);
    if (chance.isTrue(weather.double)) {
      this.world.counts.faults++;
      this.#down(event);
    }
  }

  accepted(): void {
    this.#isAccepted = true;
    this.#down({ type: 'connected', socket: this.socket });
  }

  refused(refusal: Refusal): void {
    const error = toBody(refusal.code, refusal.retryAfterMs);
    this.#down({ type: 'connectFailed', socket: this.socket, error });
    this.close();
  }

  /** The session has ended: says so, and closes. */
  revoke(): void {
    const payload = { sessionId: this.sessionId, reason: 'logged_out' as const };
    this.#down({ type: 'factReceived', socket: this.socket, fact: { name: 'session:revoked', payload } });
    this.cut();
  }

  /** The connection ends; what is on the line is lost, and the tab learns of it. */
  cut(): void {
    if (!this.isOpen) return;
    this.close();
    this.world.clock.after(this.#arrival(this.#downAt) - this.world.clock.now, () =>
      this.#hear({ type: 'disconnected', socket: this.socket }),
    );
  }

  /** The connection ends at the server. */
  close(): void {
    this.isOpen = false;
    this.node.closed(this);
  }

  #down(event: Unstamped): void {
    const { weather, chance, clock } = this.world;
    if (chance.isTrue(weather.cut)) {
      this.world.counts.faults++;
      return this.cut();
    }
    const at = this.#arrival(this.#downAt);
    const isOvertaken = chance.isTrue(weather.overtake);
    if (isOvertaken) this.world.counts.faults++;
    else this.#downAt = at;
    clock.after(at - clock.now, () => this.#hear(event));
  }

  /** In order, unless the packet before was overtaken. */
  #arrival(last: number): number {
    const { clock, chance, weather } = this.world;
    return Math.max(last, clock.now + chance.between(0, weather.delayMs));
  }

  #isLost(probability: number): boolean {
    const isLost = this.world.chance.isTrue(probability);
    if (isLost) this.world.counts.faults++;
    return isLost;
  }

  #hear(event: Unstamped): void {
    this.tab.hear(this, event);
  }
}
