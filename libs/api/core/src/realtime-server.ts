import type { FactName, FactPayload } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import type { AppServer, AppSocket } from './app-socket';

/** Throws a DomainError to refuse the socket: it becomes a connect_error whose `data` is the ErrorBody. */
export type HandshakeStep = (socket: AppSocket) => Promise<void>;
/** `authenticate` fills socket.data; `follow` joins channels, knowing who it is. */
export type HandshakeStage = 'authenticate' | 'follow';

/** The socket server as the features see it. */
@Injectable()
export class RealtimeServer {
  /** There from the modules' initialisation on. */
  get io(): AppServer {
    throw new Error('not listening');
  }

  /** Runs `step` before `connect` is answered: all of `authenticate` first, then all of `follow`, each by registration. Register in onModuleInit. */
  onHandshake(step: HandshakeStep, stage: HandshakeStage = 'follow'): void {
    void step;
    void stage;
  }

  /** Calls `listener` once for each socket that had connected. */
  onDisconnect(listener: (socket: AppSocket) => void): void {
    void listener;
  }

  /** Tells the sockets of this node; the frame is encoded once. */
  emit<N extends FactName>(rooms: string | string[], fact: N, payload: FactPayload<N>): void {
    void rooms;
    void fact;
    void payload;
  }
}
