import type { ServerRequests } from '../view';
import { type AuthorisedCalls, noConnection } from './authorised-calls';
import type { CoreRunner } from './core-runner';
import { ClientError, type RestApi } from './options';
import type { SocketTransport } from './socket-transport';

/** Requests that the page makes past the core. Users in their replies become known. */
export function serverRequests(
  core: CoreRunner,
  transport: SocketTransport,
  authorised: AuthorisedCalls,
  api: RestApi,
): ServerRequests {
  return {
    async ask(name, payload) {
      const { socket, status } = core.state.connection;
      if (status !== 'open') throw new ClientError(noConnection);
      const data = await transport.ask(socket, name, payload);
      if ('items' in data) core.dispatch({ type: 'learned', users: data.items });
      if ('user' in data) core.dispatch({ type: 'learned', users: [data.user] });
      return data;
    },
    call: (name, input) => authorised.ask((token) => api.call(name, input, token)),
  };
}
