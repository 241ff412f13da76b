import { DomainError } from './domain-error';
import { eventLog } from './event-log';
import { isBadValue } from './postgres-errors';

const log = eventLog('latest-writes');

interface Pending<V, R> {
  value: V;
  /** Settles with the outcome for all callers of this key. */
  waiting: PromiseWithResolvers<R>;
}

interface LatestWritesOptions<V, R> {
  intervalMs: () => number;
  /** Maximum number of waiting values; further ones are refused as overloaded. */
  most: () => number;
  /** Returns the value to write, of two values of one key. */
  merge: (before: V, after: V) => V;
  /** Writes all values. Returns the result of each, in order. */
  write: (values: readonly V[]) => Promise<readonly R[]>;
}

/**
 * Group commit of values of which only the latest matters: all values of an interval are one statement, with one value
 * for each key.
 */
export class LatestWrites<V, R> {
  readonly #pending = new Map<string, Pending<V, R>>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly options: LatestWritesOptions<V, R>) {}

  /**
   * Resolves once the value, or a later one of its key, is stored, and no earlier: a client that is acknowledged before
   * a crash would not send the value again. Rejects with overloaded, unavailable, or internal for a bad value.
   */
  put(key: string, value: V): Promise<R> {
    const before = this.#pending.get(key);
    if (before) before.value = this.options.merge(before.value, value);
    else if (this.#pending.size >= this.options.most())
      return Promise.reject(new DomainError('overloaded', { retryAfterMs: this.options.intervalMs() }));
    const pending = before ?? { value, waiting: Promise.withResolvers<R>() };
    this.#pending.set(key, pending);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, this.options.intervalMs());
    return pending.waiting.promise;
  }

  /** Writes what is pending now. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  /** Writes the pending values a last time, when the process ends. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush();
  }

  async #write(): Promise<void> {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    if (pending.length > 0) await this.#writeBatch(pending);
  }

  /** Writes a batch, which is all or nothing: one with a bad value is split until that value stands alone. */
  async #writeBatch(batch: readonly Pending<V, R>[]): Promise<void> {
    try {
      const results = await this.options.write(batch.map(({ value }) => value));
      for (const [index, { waiting }] of batch.entries()) waiting.resolve(results[index]!);
    } catch (error) {
      if (isBadValue(error) && batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        await this.#writeBatch(batch.slice(0, middle));
        await this.#writeBatch(batch.slice(middle));
        return;
      }
      log.error('latest_writes.failed', error);
      const refusal = isBadValue(error)
        ? new DomainError('internal', { cause: error })
        : new DomainError('unavailable', { retryAfterMs: this.options.intervalMs(), cause: error });
      for (const { waiting } of batch) waiting.reject(refusal);
    }
  }
}
