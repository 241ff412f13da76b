import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { limits as contractLimits } from '@cloudhop/contracts';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import { limits } from '../limits';
import { isForeignOrigin } from '../origin';
import { logRefusedHeader } from '../refused-headers';

interface BoundHandler {
  message: string;
  callback: (payload: unknown, acknowledge: unknown) => unknown;
}

/** Why engine.io refused a request before it was a connection. */
interface EngineRefusal {
  req: IncomingMessage;
  context?: { name?: string; message?: string };
}

export interface HandshakePolicy {
  publicUrl: string | undefined;
  /** False while the process is stopping. */
  isAccepting: () => boolean;
}

function allowHandshake(policy: HandshakePolicy, request: IncomingMessage): string | undefined {
  if (!policy.isAccepting()) return 'draining';
  const isForeign = isForeignOrigin(request.headers.origin, request.headers.host, policy.publicUrl);
  return isForeign ? 'foreign_origin' : undefined;
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
    const server = new Server(this.httpServer as HttpServer, options);
    server.engine.on('connection_error', (refusal: EngineRefusal) => this.#logRefusal(refusal));
    return server;
  }

  #logRefusal({ req, context }: EngineRefusal): void {
    // Asked for as a WebSocket, and without the header that makes it one: a browser always sends it.
    if (context?.name === 'TRANSPORT_HANDSHAKE_ERROR' && req.headers.upgrade === undefined)
      logRefusedHeader('Upgrade', req.headers);
    if (context?.message === 'foreign_origin') logRefusedHeader('Origin', req.headers, this.policy.publicUrl);
  }

  /** Every handler acknowledges by itself (see On), so the stock adapter's streams, one per event and socket, are left out. */
  override bindMessageHandlers(socket: Socket, handlers: BoundHandler[]): void {
    for (const { message, callback } of handlers)
      socket.on(message, (payload: unknown, acknowledge: unknown) => void callback(payload, acknowledge));
  }
}
