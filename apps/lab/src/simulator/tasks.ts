import type { ErrorCode } from '@cloudhop/contracts';
import type { ModelDatabase } from '@cloudhop/sdk/testing';

/** The server's word that something is not done. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly retryAfterMs?: number,
  ) {
    super(code);
  }
}

/** What a task stops for: one statement of the database, or a moment that somebody else tells. */
export type Wait =
  | { readonly kind: 'statement'; readonly work: (database: ModelDatabase) => unknown }
  | { readonly kind: 'moment'; readonly tell: (resume: () => void) => void };

/** Work of a node that stops now and then, as its promises would, but by simulated time only. Throws a Refusal. */
export type Task<T> = Generator<Wait, T, unknown>;

/** One statement: asked for now, done later, answered later still. A node that dies meanwhile never hears of it. */
export function* statement<T>(work: (database: ModelDatabase) => T): Task<T> {
  return (yield { kind: 'statement', work }) as T;
}

export function* moment(tell: (resume: () => void) => void): Task<void> {
  yield { kind: 'moment', tell };
}
