import {
  DomainError,
  eventLog,
  isConnectionLost,
  isRetriable,
  isServerTrouble,
  isUnanswered,
  limits,
  postgresCode,
} from '@cloudhop/api/platform';
import type { LogOperation, LogVerdict } from './log.repository';

const log = eventLog('log');

/** Commits a batch. Without `wait`, the verdict for a conversation that another transaction has locked is `again`. */
export type CommitBatch = (operations: readonly LogOperation[], wait: boolean) => Promise<readonly LogVerdict[]>;

interface Waiting {
  operation: LogOperation;
  /** Position in the order of arrival. */
  place: number;
  bytes: number;
  attempts: number;
  resolve: (verdict: LogVerdict) => void;
  reject: (error: unknown) => void;
}

interface Lane {
  waiting: Waiting[];
  isBusy: boolean;
}

/** Maximum attempts of one operation in batches that failed as a whole: long enough for a restart of Postgres. */
const maxAttempts = 5;
const retryAfterMs = 100;

/**
 * Group commit: operations that arrive while a commit is in flight form the next batch, so the load itself is the
 * timer. A conversation that another transaction has locked moves to a lane of its own, which waits without slowing the
 * others. At most one commit per conversation is in flight.
 */
export class CommitQueue {
  readonly #common: Lane = { waiting: [], isBusy: false };
  readonly #own = new Map<string, Lane>();
  #count = 0;
  #places = 0;
  readonly #idle: (() => void)[] = [];

  constructor(private readonly commit: CommitBatch) {}

  /**
   * Adds an operation. Resolves with the verdict after the commit. Rejects with `overloaded`, `unavailable` or
   * `invalid_text`.
   */
  submit(operation: LogOperation): Promise<LogVerdict> {
    if (this.#count >= limits.commitQueue)
      return Promise.reject(new DomainError('overloaded', { retryAfterMs: 1_000 }));
    return new Promise((resolve, reject) => {
      this.#count++;
      const lane = this.#own.get(operation.conversationId) ?? this.#common;
      const bytes = 200 + (operation.body?.length ?? 0) * 3;
      lane.waiting.push({ operation, place: this.#places++, bytes, attempts: 0, resolve, reject });
      this.#run(lane);
    });
  }

  /** Resolves when the queue is empty and nothing is in flight. */
  async whenIdle(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #run(lane: Lane): void {
    if (lane.isBusy || lane.waiting.length === 0) return;
    lane.isBusy = true;
    void this.#commitNext(lane).finally(() => {
      lane.isBusy = false;
      if (lane.waiting.length > 0) this.#run(lane);
      else this.#closeLane(lane);
    });
  }

  async #commitNext(lane: Lane): Promise<void> {
    // Requests that arrived in the same turn of the event loop belong together.
    await new Promise((resume) => setImmediate(resume));
    await this.#commitBatch(lane, takeBatch(lane.waiting));
  }

  async #commitBatch(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    let verdicts: readonly LogVerdict[];
    try {
      verdicts = await this.commit(
        batch.map(({ operation }) => operation),
        lane !== this.#common,
      );
    } catch (error) {
      await this.#batchFailed(lane, batch, error);
      return;
    }
    const again: Waiting[] = [];
    for (const verdict of verdicts) {
      const waiting = batch[verdict.index]!;
      if (verdict.outcome === 'again') again.push(waiting);
      else this.#settle(() => waiting.resolve(verdict));
    }
    if (again.length > 0) this.#moveToOwnLanes(lane, again);
  }

  /**
   * Handles a failed batch, of which nothing was written. Retries operations that can succeed unchanged; else splits
   * the batch until the bad row is alone.
   */
  async #batchFailed(lane: Lane, batch: readonly Waiting[], error: unknown): Promise<void> {
    if (isServerTrouble(error)) {
      log.error('log.commit_unavailable', error);
      this.#refuse(batch, error);
      return;
    }
    if (isUnanswered(error)) {
      // What waits behind it would wait as long again, and its clients have given up.
      log.error('log.commit_unavailable', error);
      this.#refuse([...batch, ...lane.waiting.splice(0)], error);
      return;
    }
    if (isRetriable(error) || isConnectionLost(error)) {
      // The outcome may be unknown: every operation is idempotent by its key.
      for (const waiting of batch) waiting.attempts++;
      this.#refuse(
        batch.filter((waiting) => waiting.attempts >= maxAttempts),
        error,
      );
      lane.waiting.unshift(...batch.filter((waiting) => waiting.attempts < maxAttempts));
      await new Promise((resume) => setTimeout(resume, retryAfterMs * batch[0]!.attempts));
      return;
    }
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#commitBatch(lane, batch.slice(0, middle));
      const rest = this.#withoutMoved(lane, batch.slice(middle));
      if (rest.length > 0) await this.#commitBatch(lane, rest);
      return;
    }
    const isText = /^22(021|P05)$/.test(postgresCode(error) ?? '');
    if (!isText) log.error('log.commit_failed', error);
    this.#settle(() => batch[0]!.reject(new DomainError(isText ? 'invalid_text' : 'internal', { cause: error })));
  }

  /** Refuses operations with unavailable. A retry has the same key, so nothing is written twice. */
  #refuse(batch: readonly Waiting[], cause: unknown): void {
    const refusal = new DomainError('unavailable', { retryAfterMs: limits.unavailableRetryMs, cause });
    for (const waiting of batch) this.#settle(() => waiting.reject(refusal));
  }

  /** Takes the conversations of `again` out of their lane, with all that waits for them, in order. */
  #moveToOwnLanes(from: Lane, again: readonly Waiting[]): void {
    if (from !== this.#common) {
      from.waiting.unshift(...again);
      return;
    }
    const busy = new Set(again.map(({ operation }) => operation.conversationId));
    const moved = [...again, ...from.waiting.filter(({ operation }) => busy.has(operation.conversationId))];
    from.waiting = from.waiting.filter(({ operation }) => !busy.has(operation.conversationId));
    for (const waiting of moved) {
      const { conversationId } = waiting.operation;
      const lane = this.#own.get(conversationId) ?? { waiting: [], isBusy: false };
      this.#own.set(conversationId, lane);
      lane.waiting.push(waiting);
    }
    for (const conversationId of busy) this.#run(this.#own.get(conversationId)!);
  }

  /**
   * Returns the batch without operations of conversations that have their own lane, and appends those there: they must
   * not overtake earlier ones.
   */
  #withoutMoved(lane: Lane, batch: readonly Waiting[]): readonly Waiting[] {
    if (lane !== this.#common) return batch;
    return batch.filter((waiting) => {
      const own = this.#own.get(waiting.operation.conversationId);
      own?.waiting.push(waiting);
      own?.waiting.sort((a, b) => a.place - b.place);
      return own === undefined;
    });
  }

  #closeLane(lane: Lane): void {
    for (const [conversationId, own] of this.#own) if (own === lane) this.#own.delete(conversationId);
  }

  #settle(settle: () => void): void {
    settle();
    this.#count--;
    if (this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function takeBatch(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let bytes = 0;
  while (count < waiting.length && count < limits.batchOperations) {
    bytes += waiting[count]!.bytes;
    if (count > 0 && bytes > limits.batchBytes) break;
    count++;
  }
  return waiting.splice(0, count);
}
