import type { AccountCommands, ServerRequests } from '../view';
import { type AuthorisedCalls, noAnswer, valueOf } from './authorised-calls';
import type { CookieCalls } from './cookie-calls';
import type { Dispatch } from './core-runner';
import { ClientError } from './options';

/** Commands on the account and its sessions. */
export function accountCommands(
  dispatch: Dispatch,
  requests: ServerRequests,
  authorised: AuthorisedCalls,
  cookieCalls: CookieCalls,
): AccountCommands {
  return {
    changeProfile: (body) => requests.call('auth.change', { body }),
    async register(body) {
      const register = (token: string) => cookieCalls.call('auth.register', { body }, { token });
      dispatch({ type: 'signedIn', session: await authorised.ask(register) });
    },
    async logIn(body) {
      dispatch({ type: 'signedIn', session: valueOf(await cookieCalls.call('auth.login', { body })) });
    },
    async recover(body) {
      dispatch({ type: 'signedIn', session: valueOf(await cookieCalls.call('auth.recover', { body })) });
    },
    async endSessions() {
      await requests.call('auth.endSessions', {});
      dispatch({ type: 'loggedOut' });
    },
    async deleteAccount(password) {
      await requests.call('auth.delete', { body: { ...(password !== undefined && { password }) } });
      dispatch({ type: 'loggedOut' });
    },
    async logOut() {
      const outcome = await cookieCalls.logOut();
      if (!outcome.ok && outcome.error?.code !== 'unauthenticated' && outcome.error?.code !== 'session_ended')
        throw new ClientError(outcome.error ?? noAnswer);
      dispatch({ type: 'loggedOut' });
    },
  };
}
