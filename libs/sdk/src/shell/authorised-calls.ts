import type { ErrorBody } from '@cloudhop/contracts';
import { ClientError, type HttpOutcome, type Timer } from './options';

/** Timeout of a request. Its outcome is unknown then. */
export const requestTimeoutMs = 10_000;
export const noAnswer: ErrorBody = { code: 'unavailable', message: 'The server did not answer.' };
export const noConnection: ErrorBody = { code: 'unavailable', message: 'There is no connection.' };

/** Access to the token of the session. */
interface TokenHolder {
  token(): string | undefined;
  /** Reports that the server rejected the token. */
  rejected(token: string): void;
  subscribe(listener: () => void): () => void;
}

/** REST calls with the current access token. */
export class AuthorisedCalls {
  constructor(
    private readonly holder: TokenHolder,
    private readonly timer: Timer,
  ) {}

  /** Calls, and once more with the next token if this one has expired. Rejects with a ClientError. */
  async ask<T>(call: (token: string) => Promise<HttpOutcome<T>>): Promise<T> {
    const token = this.holder.token() ?? (await this.#next(undefined));
    const outcome = await call(token);
    const code = outcome.ok ? undefined : outcome.error?.code;
    if (code !== 'token_expired' && code !== 'unauthenticated') return valueOf(outcome);
    const next = this.#next(token);
    this.holder.rejected(token);
    return valueOf(await call(await next));
  }

  /** Resolves with the first token that is not `old`, or rejects when none comes in time. */
  #next(old: string | undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const token = this.holder.token();
        if (token === undefined || token === old) return;
        stop();
        cancel();
        resolve(token);
      };
      const stop = this.holder.subscribe(look);
      const cancel = this.timer.after(requestTimeoutMs, () => {
        stop();
        reject(new ClientError(noAnswer));
      });
    });
  }
}

/** Returns the answer's data. Throws a ClientError for a refusal, or for no answer. */
export function valueOf<T>(outcome: HttpOutcome<T>): T {
  if (!outcome.ok) throw new ClientError(outcome.error ?? noAnswer);
  return outcome.data;
}
