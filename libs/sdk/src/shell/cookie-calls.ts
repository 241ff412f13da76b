import type { Session } from '@cloudhop/contracts';
import type { HttpOutcome, Locks, RestApi, RouteCall } from './options';

type CookieRoute = 'auth.guest' | 'auth.refresh' | 'auth.register' | 'auth.login' | 'auth.recover';

interface TurnLocks {
  /** Undefined where there are none. */
  get(): Locks | undefined;
  /** The browser refused one. */
  refused(): void;
}

/** Calls that change the cookie. The tabs of a browser share it, and under one lock, where there is one, take turns. */
export class CookieCalls {
  constructor(
    private readonly api: RestApi,
    private readonly locks: TurnLocks,
  ) {}

  /** Asks when it is this tab's turn, if that is still wanted then. */
  async call<N extends CookieRoute>(
    name: N,
    input: RouteCall<N>,
    { token, isWanted = () => true }: { token?: string; isWanted?: () => boolean } = {},
  ): Promise<HttpOutcome<Session>> {
    let outcome: HttpOutcome<Session> | undefined;
    const work = async () => void (outcome = isWanted() ? await this.api.call(name, input, token) : { ok: false });
    await this.locks
      .get()
      ?.request('session', {}, work)
      .catch(() => this.locks.refused());
    if (outcome === undefined) await work();
    return outcome!;
  }
}
