import { type RequestWork, limits as contractLimits } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../client-address';
import { DomainError } from '../domain-error';
import { limits } from '../limits';
import { ConcurrencyLimiter, fullQueueRetryMs } from './concurrency-limiter';
import { rowsOf } from './rows-of';
import { WorkBudgets } from './work-budgets';

/** Sender of a request, by socket or REST. */
export interface Asker {
  /** Client's address, behind trusted proxies. */
  address: string;
  /** Absent where a route takes no token. */
  userId?: string | undefined;
  socketId?: string;
  /** Returns true once the client has disconnected. */
  isGone: () => boolean;
}

/** Permit of a request that may begin. */
export interface Permit {
  /** Charges the work of an answer that was sent. Absent if the request isn't charged: its answer needs no measuring. */
  charge?: (answer: unknown, bytes: number) => void;
  /** Must be called once, when the request is over. */
  release(): void;
}

interface Step {
  limiter: ConcurrencyLimiter;
  key: string;
}

/** Permit of requests that are coalesced, whose number costs nothing. */
const freely: Permit = { release: () => undefined };

/** Admission of requests: bounds those in flight, and the work that one user or one address causes. */
@Injectable()
export class AdmissionService {
  readonly #sockets = new ConcurrencyLimiter({
    maxRunning: () => contractLimits.requestsInFlight,
    maxWaiting: () => limits.socketRequestQueue,
  });
  readonly #users = new ConcurrencyLimiter({
    maxRunning: () => limits.userRequestsInFlight,
    maxWaiting: () => limits.userRequestQueue,
  });
  readonly #commits = new ConcurrencyLimiter({ maxRunning: () => limits.userCommitsInFlight, maxWaiting: () => 0 });
  readonly #anonymous = new ConcurrencyLimiter({
    maxRunning: () => limits.addressRequestsInFlight,
    maxWaiting: () => limits.addressRequestQueue,
  });
  readonly #userReads = new ConcurrencyLimiter({
    maxRunning: () => limits.userReadsInFlight,
    maxWaiting: () => limits.userRequestsInFlight,
  });
  readonly #reads = new ConcurrencyLimiter({
    maxRunning: () => limits.addressReadsInFlight,
    maxWaiting: () => limits.addressReadQueue,
  });
  readonly #userWork = new WorkBudgets(() => limits.userWorkPerMinute);
  readonly #addressWork = new WorkBudgets(() => limits.addressWorkPerMinute);

  /**
   * Returns a permit at once, or resolves when the request may begin, in the order in which its socket sent it; with
   * undefined if its asker has gone and it isn't a write. Throws or rejects with rate_limited.
   */
  admit(asker: Asker, work: RequestWork): Permit | Promise<Permit | undefined> {
    if (work === 'latest') return freely;
    const { userId } = asker;
    if (work !== 'commit' || userId === undefined) return this.#admitInTurn(asker, work);
    if (!this.#commits.tryAcquire(userId)) throw new DomainError('rate_limited', { retryAfterMs: fullQueueRetryMs });
    return { release: () => this.#commits.release(userId) };
  }

  async #admitInTurn(asker: Asker, work: RequestWork): Promise<Permit | undefined> {
    const address = addressKey(asker.address);
    const acquired: Step[] = [];
    const release = () => {
      for (const { limiter, key } of acquired.splice(0)) limiter.release(key);
    };
    try {
      if (work === 'read') this.#requireBudget(asker, address);
      for (const step of this.#stepsOf(asker, address, work)) {
        await step.limiter.acquire(step.key);
        acquired.push(step);
      }
      // Requests before it in the queue may have used up the budget meanwhile.
      if (work === 'read') this.#requireBudget(asker, address);
    } catch (error) {
      release();
      throw error;
    }
    if ((work === 'read' || work === 'connection') && asker.isGone()) {
      release();
      return undefined;
    }
    if (work !== 'read') return { release };
    const charge = (answer: unknown, bytes: number) => {
      const units = rowsOf(answer) + bytes / 1_024;
      if (asker.userId !== undefined) this.#userWork.charge(asker.userId, units);
      this.#addressWork.charge(address, units);
    };
    return { charge, release };
  }

  /** Yields what a request needs, always in this order, so that no two requests wait for each other. */
  *#stepsOf({ userId, socketId }: Asker, address: string, work: RequestWork): Iterable<Step> {
    if (socketId !== undefined) yield { limiter: this.#sockets, key: socketId };
    yield userId === undefined ? { limiter: this.#anonymous, key: address } : { limiter: this.#users, key: userId };
    if (work !== 'read') return;
    if (userId !== undefined) yield { limiter: this.#userReads, key: userId };
    yield { limiter: this.#reads, key: address };
  }

  #requireBudget({ userId }: Asker, address: string): void {
    const retryAfterMs = Math.max(
      userId === undefined ? 0 : this.#userWork.waitMs(userId),
      this.#addressWork.waitMs(address),
    );
    if (retryAfterMs > 0) throw new DomainError('rate_limited', { retryAfterMs });
  }
}
