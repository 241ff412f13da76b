import type { ErrorBody } from '@cloudhop/contracts';
import { ClientError, type HttpOutcome, type Timer } from './options';

/** Without an answer for so long the outcome is unknown. */
export const requestTimeoutMs = 10_000;
export const noAnswer: ErrorBody = { code: 'unavailable', message: 'The server did not answer.' };
export const noConnection: ErrorBody = { code: 'unavailable', message: 'There is no connection.' };

/** What the calls need of the client. */
interface TokenHolder {
  token(): string | undefined;
  /** The server does not take this token any more. */
  rejected(token: string): void;
  subscribe(listener: () => void): () => void;
}

/** REST calls with the access token of the moment. */
export class AuthorisedCalls {
  constructor(
    private readonly holder: TokenHolder,
    private readonly timer: Timer,
  ) {}

  /** Asks, and once more with the next token when this one is over. Rejects with a ClientError. */
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

/** The answer's data; throws a ClientError for a refusal, or for no answer. */
export function valueOf<T>(outcome: HttpOutcome<T>): T {
  if (!outcome.ok) throw new ClientError(outcome.error ?? noAnswer);
  return outcome.data;
}
