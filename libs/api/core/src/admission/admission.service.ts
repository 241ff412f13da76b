import { type RequestWork, limits as contractLimits } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../client-address';
import { DomainError } from '../domain-error';
import { limits } from '../limits';
import { rowsOf } from './rows-of';
import { Turns } from './turns';
import { WorkBudgets } from './work-budgets';

/** Sender of a request, by socket or REST. */
export interface Asker {
  /** With trusted proxies taken away. */
  address: string;
  /** Absent where a route takes no token. */
  userId?: string | undefined;
  socketId?: string;
  /** True once nobody waits for the answer any more. */
  isGone: () => boolean;
}

/** A request that may begin. */
export interface Turn {
  /** Charges an answer that was sent. */
  charge(answer: unknown, bytes: number): void;
  /** Call it once, when the request is over. */
  end(): void;
}

type Step = readonly [Turns, string];

/** Decides when a request begins: how many are in flight, and how much work its asker has caused. */
@Injectable()
export class AdmissionService {
  readonly #sockets = new Turns({
    atOnce: () => contractLimits.requestsInFlight,
    waiting: () => limits.socketRequestQueue,
  });
  readonly #users = new Turns({
    atOnce: () => limits.userRequestsInFlight,
    waiting: () => limits.userRequestQueue,
  });
  readonly #commits = new Turns({ atOnce: () => limits.userCommitsInFlight, waiting: () => 0 });
  readonly #anonymous = new Turns({
    atOnce: () => limits.addressRequestsInFlight,
    waiting: () => limits.addressRequestQueue,
  });
  readonly #userReads = new Turns({
    atOnce: () => limits.userReadsInFlight,
    waiting: () => limits.userRequestsInFlight,
  });
  readonly #reads = new Turns({
    atOnce: () => limits.addressReadsInFlight,
    waiting: () => limits.addressReadQueue,
  });
  readonly #userWork = new WorkBudgets(() => limits.userWorkPerMinute);
  readonly #addressWork = new WorkBudgets(() => limits.addressWorkPerMinute);

  /**
   * Resolves when the request may begin, in the order in which its socket asked; with nothing when its asker has gone
   * and it is no write. Rejects with rate_limited.
   */
  async begin(asker: Asker, work: RequestWork): Promise<Turn | undefined> {
    const address = addressKey(asker.address);
    const taken: Step[] = [];
    const end = () => {
      for (const [turns, key] of taken.splice(0)) turns.end(key);
    };
    try {
      if (work === 'read') this.#requireBudget(asker, address);
      for (const step of this.#stepsOf(asker, address, work)) {
        await step[0].take(step[1]);
        taken.push(step);
      }
      // Those before it may have used up what there was when it came.
      if (work === 'read') this.#requireBudget(asker, address);
    } catch (error) {
      end();
      throw error;
    }
    if ((work === 'read' || work === 'connection') && asker.isGone()) {
      end();
      return undefined;
    }
    const charge = (answer: unknown, bytes: number) => {
      if (work !== 'read') return;
      const units = rowsOf(answer) + bytes / 1_024;
      if (asker.userId !== undefined) this.#userWork.charge(asker.userId, units);
      this.#addressWork.charge(address, units);
    };
    return { charge, end };
  }

  /** Always in this order, so that no two requests wait for each other. */
  *#stepsOf({ userId, socketId }: Asker, address: string, work: RequestWork): Iterable<Step> {
    if (work === 'latest') return;
    if (work === 'commit' && userId !== undefined) {
      yield [this.#commits, userId];
      return;
    }
    if (socketId !== undefined) yield [this.#sockets, socketId];
    yield userId === undefined ? [this.#anonymous, address] : [this.#users, userId];
    if (work !== 'read') return;
    if (userId !== undefined) yield [this.#userReads, userId];
    yield [this.#reads, address];
  }

  #requireBudget({ userId }: Asker, address: string): void {
    const retryAfterMs = Math.max(
      userId === undefined ? 0 : this.#userWork.waitMs(userId),
      this.#addressWork.waitMs(address),
    );
    if (retryAfterMs > 0) throw new DomainError('rate_limited', { retryAfterMs });
  }
}
