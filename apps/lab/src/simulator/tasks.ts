import { type ErrorBody, type ErrorCode, errorCodes } from '@cloudhop/contracts';
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

export function toBody(code: ErrorCode, retryAfterMs?: number): ErrorBody {
  return { code, message: errorCodes[code][1], ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Wait of a task: for one statement of the database, or for a moment that another part signals. */
export type Wait =
  | { readonly kind: 'statement'; readonly work: (database: ModelDatabase) => unknown }
  | { readonly kind: 'moment'; readonly tell: (resume: () => void) => void };

/** Work of a node that stops now and then, as its promises would, but by simulated time only. Throws a Refusal. */
export type Task<T> = Generator<Wait, T, unknown>;

/** Receives the result of a task. */
export type Done<T> = (outcome: { ok: true; value: T } | { ok: false; refusal: Refusal }) => void;

/** One statement: asked for now, done later, answered later still. A node that dies meanwhile never hears of it. */
export function* statement<T>(work: (database: ModelDatabase) => T): Task<T> {
  return (yield { kind: 'statement', work }) as T;
}

export function* moment(tell: (resume: () => void) => void): Task<void> {
  yield { kind: 'moment', tell };
}
