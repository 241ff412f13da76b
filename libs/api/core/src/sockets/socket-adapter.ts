import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { limits as contractLimits } from '@cloudhop/contracts';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import type { HostPolicy } from '../known-hosts';
import { limits } from '../limits';
import { isForeignOrigin } from '../origin';

interface BoundHandler {
  message: string;
  callback: (payload: unknown, acknowledge: unknown) => unknown;
}

export interface HandshakePolicy {
  publicUrl: string | undefined;
  hosts: HostPolicy;
  /** False while the process is stopping. */
  isAccepting: () => boolean;
}

function allowHandshake(policy: HandshakePolicy, request: IncomingMessage): string | undefined {
  if (!policy.isAccepting()) return 'draining';
  const { origin, host } = request.headers;
  if (isForeignOrigin(origin, host, policy.publicUrl)) return 'foreign_origin';
  return policy.hosts(host)?.message;
}

/** The one socket server of the process, with our options whatever a gateway says. */
export class SocketAdapter extends IoAdapter {
  constructor(
    httpServer: HttpServer,
    private readonly policy: HandshakePolicy,
  ) {
    super(httpServer);
  }

  override createIOServer(): Server {
    const options: Partial<ServerOptions> = {
      path: '/socket.io',
      serveClient: false,
      // Polling would need sticky sessions on several nodes, and costs a request per frame.
      transports: ['websocket'],
      maxHttpBufferSize: contractLimits.payloadBytes,
      // Compression of small frames costs far more memory and time than it saves.
      perMessageDeflate: false,
      httpCompression: false,
      connectTimeout: limits.connectTimeoutMs,
      cookie: false,
      allowRequest: (request, decide) => {
        const refusal = allowHandshake(this.policy, request);
        decide(refusal, refusal === undefined);
      },
    };
    return new Server(this.httpServer as HttpServer, options);
  }

  /** Every handler acknowledges by itself (see On), so the stock adapter's streams, one per event and socket, are left out. */
  override bindMessageHandlers(socket: Socket, handlers: BoundHandler[]): void {
    for (const { message, callback } of handlers)
      socket.on(message, (payload: unknown, acknowledge: unknown) => void callback(payload, acknowledge));
  }
}
