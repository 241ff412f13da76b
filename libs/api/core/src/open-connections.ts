import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Every TCP connection of a server, whatever became of it: idle, half a request, or a WebSocket. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Closes them at once, also those on which an answer is on its way. */
  closeAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
