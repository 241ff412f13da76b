import type { Session } from '@cloudhop/contracts';
import type { HttpOutcome, Locks, RestApi, RouteCall } from './options';

type CookieRoute = 'auth.guest' | 'auth.refresh' | 'auth.register' | 'auth.login' | 'auth.recover';

/** Calls that change the cookie. The tabs of a browser share it, and under one lock, where there is one, take turns. */
export class CookieCalls {
  constructor(
    private readonly api: RestApi,
    private readonly locks: Locks | undefined,
  ) {}

  /** Asks when it is this tab's turn, if that is still wanted then. */
  async call<N extends CookieRoute>(
    name: N,
    input: RouteCall<N>,
    { token, isWanted = () => true }: { token?: string; isWanted?: () => boolean } = {},
  ): Promise<HttpOutcome<Session>> {
    let outcome: HttpOutcome<Session> = { ok: false };
    const work = async () => {
      if (isWanted()) outcome = await this.api.call(name, input, token);
    };
    if (this.locks) await this.locks.request('session', {}, work).catch(() => undefined);
    else await work();
    return outcome;
  }
}
