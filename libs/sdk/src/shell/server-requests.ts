import type { User } from '@cloudhop/contracts';
import type { ServerRequests } from '../view';
import { type AuthorisedCalls, noConnection } from './authorised-calls';
import type { CoreRunner } from './core-runner';
import { ClientError, type RestApi } from './options';
import { usersInReply, usersInRouteReply } from './reply-users';
import type { SocketTransport } from './socket-transport';

/** Requests that the page makes past the core. Users in their replies become known. */
export function serverRequests(
  core: CoreRunner,
  transport: SocketTransport,
  authorised: AuthorisedCalls,
  api: RestApi,
): ServerRequests {
  const learn = (users: readonly User[]) => {
    if (users.length > 0) core.dispatch({ type: 'learned', users });
  };
  return {
    async ask(name, payload) {
      const { socket, status } = core.state.connection;
      if (status !== 'open') throw new ClientError(noConnection);
      const reply = await transport.ask(socket, name, payload);
      learn(usersInReply(name, reply));
      return reply;
    },
    async call(name, input) {
      const reply = await authorised.ask((token) => api.call(name, input, token));
      learn(usersInRouteReply(name, reply));
      return reply;
    },
  };
}
