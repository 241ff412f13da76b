import type {
  FactName,
  FactPayload,
  PersonalSettings,
  Reply,
  RequestInput,
  RequestName,
  RequestReply,
  User,
} from '@cloudhop/contracts';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Actor } from './actor';

export type ClientEvents = {
  [N in RequestName]: (payload: RequestInput<N>, acknowledge: (reply: Reply<RequestReply<N>>) => void) => void;
};

export type ServerEvents = { [N in FactName]: (payload: FactPayload<N>) => void };

/** Data of a connected socket, filled by the handshake. */
export interface SocketData {
  /** Its requestId names the handshake; each request gets one of its own. */
  actor: Actor;
  user: User;
  /** Expiry of the access token, in ms since the epoch. A renewal extends it; the sweep disconnects the socket some time after. */
  tokenExpiresAt: number;
  /** The device is left out of presence. */
  isHidden: boolean;
  /** Nothing was done on the device for a while. */
  isIdle: boolean;
  /** The user's settings, as this node knows them. */
  settings: PersonalSettings;
  /** Address of the client, behind trusted proxies. */
  address: string;
}

export type AppSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
export type AppServer = Server<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;

/** Returns true if others may see this device as online. */
export const isSeen = ({ data }: AppSocket): boolean => !data.isHidden && !data.settings.appearsOffline;

/** Returns true if the connection has closed. A listener added after the close is never called. */
export const isClosed = ({ conn }: AppSocket): boolean => (conn as { readyState?: string }).readyState === 'closed';
