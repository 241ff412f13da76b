import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Set of the open TCP connections of a server: idle ones, those with half a request, WebSockets. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Closes all of them at once, also those with an answer under way. */
  closeAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
