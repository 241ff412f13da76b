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

/** What a connected socket knows of itself; filled by the handshake. */
export interface SocketData {
  /** Its requestId names the handshake; each request gets one of its own. */
  actor: Actor;
  user: User;
  /** When the access token ends, in ms since the epoch; a renewal writes it, the sweep cuts the socket some time after. */
  tokenExpiresAt: number;
  /** The device hides from the list of who is here. */
  isHidden: boolean;
  /** Nothing was done on the device for a while. */
  isIdle: boolean;
  /** What the person decided for all devices, as this node knows it. */
  settings: PersonalSettings;
  /** The client's address, with trusted proxies taken away. */
  address: string;
}

export type AppSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
export type AppServer = Server<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;

/** Whether others may see that the person is here on this device. */
export const isSeen = ({ data }: AppSocket): boolean => !data.isHidden && !data.settings.appearsOffline;

/** Whether the connection is gone. Its end is told once: who asks to hear of it later never does. */
export const isClosed = ({ conn }: AppSocket): boolean => (conn as { readyState?: string }).readyState === 'closed';
