import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../domain-error';
import { LimitStore } from './limit-store';

const windowS = 60;

/** Standing of a key after it has consumed points. */
export interface RateStanding {
  /** Points of a window that are in force: this node's share while it counts by itself. */
  limit: number;
  remainingPoints: number;
  /** Time until the window ends. */
  msBeforeNext: number;
}

/** Limit of points by key within a window of a minute, which begins with the first of them. */
export class RateLimiter {
  /** Points that this node has consumed, with which it carries on if Redis goes away. */
  readonly #own: RateLimiterMemory;
  #shared: RateLimiterRedis | undefined;

  /** Counts in this process only, unless it is `shared` under a name of its own. */
  constructor(
    private readonly points: number,
    private readonly shared?: { store: LimitStore; name: string },
  ) {
    this.#own = new RateLimiterMemory({ points, duration: windowS });
  }

  /**
   * Consumes points of `key`. Throws rate_limited, with the wait, once they are used up. `report` receives the standing
   * in both cases, before anything is thrown.
   */
  async consume(key: string, points = 1, report?: (standing: RateStanding) => void): Promise<void> {
    const own = await this.#own.penalty(key, points);
    const shared = await this.#consumeShared(key, points);
    const limit = shared ? this.points : (this.shared?.store.shareOf(this.points) ?? this.points);
    const isAdmitted = shared ? shared.isAdmitted : own.consumedPoints <= limit;
    const remainingPoints = shared ? shared.remainingPoints : Math.max(limit - own.consumedPoints, 0);
    const msBeforeNext = shared ? shared.msBeforeNext : own.msBeforeNext;
    report?.({ limit, remainingPoints, msBeforeNext });
    if (!isAdmitted) throw new DomainError('rate_limited', { retryAfterMs: msBeforeNext });
  }

  /** Returns undefined if this node has to count by itself. */
  async #consumeShared(
    key: string,
    points: number,
  ): Promise<{ isAdmitted: boolean; remainingPoints: number; msBeforeNext: number } | undefined> {
    if (!this.shared) return undefined;
    const { store, name } = this.shared;
    return store.ask(async (client, keys) => {
      // What is used up is refused without asking Redis again, until the window ends.
      const most = Math.floor(this.points);
      this.#shared ??= new RateLimiterRedis({
        storeClient: client,
        keyPrefix: '',
        points: most,
        duration: windowS,
        inMemoryBlockOnConsumed: most,
      });
      const standing = await this.#shared.consume(keys.rate(name, key), points).then(
        (admitted) => ({ isAdmitted: true, ...only(admitted) }),
        (refusal: unknown) => {
          if (refusal instanceof RateLimiterRes) return { isAdmitted: false, ...only(refusal) };
          throw refusal;
        },
      );
      if (!Number.isFinite(standing.remainingPoints)) throw new TypeError('Redis counts something else than points');
      return standing;
    });
  }
}

function only({ remainingPoints, msBeforeNext }: RateLimiterRes) {
  return { remainingPoints, msBeforeNext: Math.min(Math.max(msBeforeNext, 0), windowS * 1_000) };
}

/** Makes the rate limits that all nodes share. */
@Injectable()
export class RateLimits {
  constructor(private readonly store: LimitStore) {}

  /** Returns a limit of `points` per minute and key. `name` is part of its keys in Redis: each limit has another. */
  perMinute(name: string, points: number): RateLimiter {
    return new RateLimiter(points, { store: this.store, name });
  }
}
