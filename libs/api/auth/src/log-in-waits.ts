import { DomainError, limits } from '@cloudhop/api/core';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const hourS = 3_600;

/** Who tried wrong passwords waits, longer each time. Counted in this process, by name and by address. */
export class LogInWaits {
  readonly #tries = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: hourS });
  readonly #waits = new RateLimiterMemory({ points: 1, duration: 1 });

  /** Counts a try before it is looked at, so that many at once count too. Throws rate_limited. */
  async begin(key: string, freeTries: number): Promise<void> {
    const wait = await this.#waits.get(key);
    if (wait !== null && wait.remainingPoints <= 0)
      throw new DomainError('rate_limited', { retryAfterMs: wait.msBeforeNext });
    const { consumedPoints } = await this.#tries.penalty(key);
    const paid = consumedPoints - freeTries;
    if (paid >= 0) await this.#waits.block(key, Math.min(2 ** Math.min(paid, 30), limits.logInWaitMs / 1_000));
  }

  /** The password was right: the name's tries are forgotten. */
  async forget(key: string): Promise<void> {
    await Promise.all([this.#tries.delete(key), this.#waits.delete(key)]);
  }

  /** The try was none of a stranger: an address that many share is not made to wait for it. */
  async giveBack(key: string): Promise<void> {
    await this.#tries.reward(key);
  }
}
