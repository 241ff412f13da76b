import type { FactName, FactPayload, Reply, RequestInput, RequestName, RequestReply, User } from '@cloudhop/contracts';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Actor } from './actor';

export type ClientEvents = {
  [N in RequestName]: (payload: RequestInput<N>, acknowledge: (reply: Reply<RequestReply<N>>) => void) => void;
};

export type ServerEvents = { [N in FactName]: (payload: FactPayload<N>) => void };

/** What a connected socket knows of itself; filled by the handshake. */
export interface SocketData {
  /** Its requestId names the handshake; each request gets one of its own. */
  actor: Actor;
  user: User;
  /** When the access token ends, in ms since the epoch; a renewal writes it, the sweep cuts the socket some time after. */
  tokenExpiresAt: number;
  /** Hides from the list of who is here. */
  isHidden: boolean;
  /** The client's address, with trusted proxies taken away. */
  address: string;
}

export type AppSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
export type AppServer = Server<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
