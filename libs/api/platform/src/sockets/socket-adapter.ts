import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { type ErrorBody, type RequestName, limits as contractLimits, requestWork } from '@cloudhop/contracts';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import type { AdmissionService, Asker, Permit } from '../admission/admission.service';
import { type AppSocket, isClosed } from '../app-socket';
import type { HostPolicy } from '../known-hosts';
import { limits } from '../limits';
import type { Metrics } from '../metrics';
import type { OverloadGuard } from '../overload-guard';
import { isForeignOrigin } from '../origin';
import { logRefusedHeader } from '../refused-headers';
import { toDomainError } from '../render-error';

type Acknowledge = (reply: { ok: boolean; data?: unknown; error?: ErrorBody }) => void;

interface BoundHandler {
  message: string;
  callback: (payload: unknown, acknowledge: Acknowledge) => unknown;
}

/** Event of engine.io: a request was refused before it became a connection. */
interface EngineRefusal {
  req: IncomingMessage;
  context?: { name?: string; message?: string };
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
    private readonly admission: AdmissionService,
    private readonly overload: OverloadGuard,
    private readonly metrics: Metrics,
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
    // A browser always sends Upgrade for a WebSocket: something in between has dropped it.
    if (context?.name === 'TRANSPORT_HANDSHAKE_ERROR' && req.headers.upgrade === undefined)
      logRefusedHeader('Upgrade', req.headers);
    if (context?.message === 'foreign_origin') logRefusedHeader('Origin', req.headers, this.policy.publicUrl);
  }

  /** Every handler acknowledges by itself (see On), so the stock adapter's streams, one per event and socket, are left out. */
  override bindMessageHandlers(socket: Socket, handlers: BoundHandler[]): void {
    for (const handler of handlers)
      socket.on(
        handler.message,
        (payload: unknown, acknowledge: Acknowledge) =>
          void this.#serve(socket as AppSocket, handler, payload, acknowledge),
      );
  }

  /** Runs a handler once it is admitted. Writes run even if the socket has closed meanwhile. */
  async #serve(
    socket: AppSocket,
    { message, callback }: BoundHandler,
    payload: unknown,
    acknowledge: Acknowledge,
  ): Promise<void> {
    let permit: Permit | undefined;
    try {
      const work = requestWork[message as RequestName];
      this.overload.admit(work);
      const admitted = this.admission.admit(askerOf(socket), work);
      // A turn of the loop less for each message.
      permit = admitted instanceof Promise ? await admitted : admitted;
    } catch (error) {
      return acknowledge({ ok: false, error: toDomainError(error).toBody() });
    }
    if (!permit) return this.metrics.droppedEvents.inc({ reason: 'closed' });
    try {
      await callback(payload, (reply) => {
        if (!permit.charge) return acknowledge(reply);
        permit.charge(
          reply.data,
          bytesSent(socket, () => acknowledge(reply)),
        );
      });
    } finally {
      permit.release();
    }
  }
}

function askerOf(socket: AppSocket): Asker {
  const { actor, address } = socket.data;
  return { userId: actor.userId, address, socketId: socket.id, isGone: () => isClosed(socket) };
}

/** Returns the bytes of the packet that `send` sends; 0 if the connection is gone. */
function bytesSent({ conn }: AppSocket, send: () => void): number {
  let bytes = 0;
  const measure = ({ data }: { data?: unknown }) => {
    if (typeof data === 'string') bytes = Buffer.byteLength(data);
  };
  conn.once('packetCreate', measure);
  send();
  conn.off('packetCreate', measure);
  return bytes;
}
