import type { RouteBodyInput, RouteReply, Session } from '@cloudhop/contracts';
import type { ClientOptions, HttpOutcome, RouteCall } from './options';

type SessionRoute = 'auth.guest' | 'auth.refresh' | 'auth.register' | 'auth.login' | 'auth.recover';

interface LockState {
  /** Returns false once the browser has refused a lock. */
  has(): boolean;
  refused(): void;
}

/**
 * Calls that change the cookie of the session, which the tabs of a browser share: one at a time, under a lock if there are
 * locks. In a browser that keeps no cookies, this object holds the refresh token until the page closes.
 */
export class CookieCalls {
  #refreshToken: string | null = null;

  constructor(
    private readonly options: Pick<ClientOptions, 'api' | 'locks' | 'keepsCookies'>,
    private readonly locks: LockState,
  ) {}

  /** Calls under the lock, if `isWanted` is still true then. */
  async call<N extends SessionRoute>(
    name: N,
    input: RouteCall<N>,
    { token, isWanted = () => true }: { token?: string; isWanted?: () => boolean } = {},
  ): Promise<HttpOutcome<Session>> {
    let outcome: HttpOutcome<Session> | undefined;
    const work = async () => {
      outcome = isWanted() ? await this.options.api.call(name, this.#withToken(input), token) : { ok: false };
      if (outcome.ok) this.#refreshToken = outcome.data.refreshToken ?? null;
    };
    if (this.locks.has()) await this.options.locks?.request('session', {}, work).catch(() => this.locks.refused());
    if (outcome === undefined) await work();
    return outcome!;
  }

  async logOut(): Promise<HttpOutcome<RouteReply<'auth.logout'>>> {
    const outcome = await this.options.api.call('auth.logout', this.#withToken<'auth.logout'>({}));
    if (outcome.ok) this.#refreshToken = null;
    return outcome;
  }

  #withToken<N extends SessionRoute | 'auth.logout'>(input: RouteCall<N>): RouteCall<N> {
    if (this.options.keepsCookies ?? true) return input;
    return { ...input, body: { ...input.body, refreshToken: this.#refreshToken } as RouteBodyInput<N> };
  }
}
