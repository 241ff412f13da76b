import { type FactName, type FactPayload, defaultSettings } from '@cloudhop/contracts';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import { type AppServer, type AppSocket, isClosed } from './app-socket';
import { channels } from './channels';
import { addressKey, clientAddress } from './client-address';
import { DomainError } from './domain-error';
import { Draining } from './draining';
import { ENV, type Env } from './env';
import { eventLog } from './event-log';
import { freezeDetector } from './freeze-detector';
import { isolate } from './isolate';
import { limits } from './limits';
import { Metrics } from './metrics';
import { OverloadGuard } from './overload-guard';
import { RateLimiter } from './rate-limits/rate-limits';
import { toDomainError } from './render-error';
import { guardConnection } from './sockets/connection-gate';
import { cutReasonOf, cutSocket, isSlowReader } from './sockets/cut-socket';
import { type FactFrame, encodeFact, sendFact } from './sockets/fact-frame';
import { guardSocket } from './sockets/socket-gate';

/** Throws a DomainError to refuse the socket: it becomes a connect_error whose `data` is the ErrorBody. */
export type HandshakeStep = (socket: AppSocket) => Promise<void>;
/** `authenticate` fills socket.data; `subscribe` joins channels, knowing who it is. */
export type HandshakeStage = 'authenticate' | 'subscribe';

const log = eventLog('sockets');

/** The socket server as the features see it. */
@Injectable()
@WebSocketGateway()
export class RealtimeServer implements OnGatewayInit<AppServer>, OnApplicationShutdown {
  readonly #steps: Record<HandshakeStage, HandshakeStep[]> = { authenticate: [], subscribe: [] };
  readonly #connectListeners: ((socket: AppSocket) => void)[] = [];
  readonly #disconnectListeners: ((socket: AppSocket) => void)[] = [];
  readonly #addresses = new WeakMap<object, string>();
  readonly #handshakes = new RateLimiter(limits.handshakesPerMinute);
  /** Users whose socket was cut off as hostile, with the time at which they can connect again (performance.now). */
  readonly #hostileUntil = new Map<string, number>();
  #server?: AppServer;
  #sweep?: NodeJS.Timeout;
  #unlistenFreezes?: () => void;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly metrics: Metrics,
    private readonly overload: OverloadGuard,
    draining: Draining,
  ) {
    draining.onBegin(() => this.#sendAway());
  }

  /** There from the modules' initialisation on. */
  get io(): AppServer {
    if (!this.#server) throw new Error('The socket server is read before the modules were initialised');
    return this.#server;
  }

  /**
   * Runs `step` before `connect` is answered: all of `authenticate` first, then all of `subscribe`, each by registration.
   * Between the two the socket is counted and joins the channels of its user and session. Register in onModuleInit.
   */
  onHandshake(step: HandshakeStep, stage: HandshakeStage = 'subscribe'): void {
    this.#steps[stage].push(step);
  }

  /** Calls `listener` for each socket as soon as facts reach it. */
  onConnect(listener: (socket: AppSocket) => void): void {
    this.#connectListeners.push(listener);
  }

  /** Calls `listener` once for each socket that had connected. */
  onDisconnect(listener: (socket: AppSocket) => void): void {
    this.#disconnectListeners.push(listener);
  }

  /** Emits a fact to the sockets of this node in any of `rooms`, each once. Encodes it once. */
  emit<N extends FactName>(rooms: string | string[], fact: N, payload: FactPayload<N>): void {
    freezeDetector.check();
    const frame = encodeFact(fact, payload);
    for (const id of this.#socketIds(rooms)) {
      // A socket that is in a room during its handshake is not connected yet.
      const socket = this.io.sockets.sockets.get(id);
      if (socket) sendFact(socket, frame);
    }
  }

  /** Emits a fact to those of the sockets that are connected. Encodes it once. */
  emitTo<N extends FactName>(sockets: Iterable<AppSocket>, fact: N, payload: FactPayload<N>): void {
    freezeDetector.check();
    let frame: FactFrame | undefined;
    for (const socket of sockets)
      if (this.io.sockets.sockets.has(socket.id)) sendFact(socket, (frame ??= encodeFact(fact, payload)));
  }

  /** Returns the connected sockets of this node: all of them, or those in a room. */
  sockets(room?: string): AppSocket[] {
    const { sockets } = this.io.sockets;
    if (room === undefined) return [...sockets.values()];
    return [...(this.io.sockets.adapter.rooms.get(room) ?? [])].flatMap((id) => sockets.get(id) ?? []);
  }

  /** Returns the connected sockets of this node in any of the rooms, each once. */
  socketsIn(rooms: string | string[]): AppSocket[] {
    const sockets = [...this.#socketIds(rooms)].map((id) => this.io.sockets.sockets.get(id));
    return sockets.filter((socket) => socket !== undefined);
  }

  /** Returns the ids of the sockets in any of the rooms, each once. */
  #socketIds(rooms: string | string[]): Iterable<string> {
    const known = this.io.sockets.adapter.rooms;
    if (typeof rooms === 'string') return known.get(rooms) ?? [];
    if (rooms.length === 1) return known.get(rooms[0]!) ?? [];
    return new Set(rooms.flatMap((room) => [...(known.get(room) ?? [])]));
  }

  afterInit(server: AppServer): void {
    this.#server = server;
    server.engine.on(
      'connection',
      (connection: {
        request: { headers: NodeJS.Dict<string | string[]>; socket: { remoteAddress?: string } } | null;
        transport: object;
      }) => {
        guardConnection(connection, this.metrics);
        const { headers, socket } = connection.request!;
        this.#addresses.set(
          connection,
          clientAddress(socket.remoteAddress, headers['x-forwarded-for'], this.env.TRUSTED_PROXIES),
        );
        // The request holds headers and buffers for as long as the connection lives; nobody reads them again.
        connection.request = null;
      },
    );
    server.use((socket, next) => {
      this.#handshake(socket).then(
        () => next(),
        (error: unknown) => next(this.#refusal(error, socket)),
      );
    });
    server.on('connection', (socket) => this.#connected(socket));
    freezeDetector.start();
    this.#unlistenFreezes = freezeDetector.onFreeze((frozenMs) => this.#cutFrozen(frozenMs));
    this.#sweep = setInterval(() => this.#cutOverdue(), limits.sweepIntervalMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#sweep);
    this.#unlistenFreezes?.();
  }

  async #handshake(socket: AppSocket): Promise<void> {
    const { freezes } = freezeDetector;
    const address = this.#addresses.get(socket.conn) ?? 'unknown';
    socket.data.address = address;
    Object.assign(socket.data, { isHidden: false, isIdle: false, settings: defaultSettings });
    this.overload.admit('connect');
    await this.#handshakes.consume(addressKey(address));
    for (const step of this.#steps.authenticate) await step(socket);
    if (!socket.data.actor) throw new DomainError('unauthenticated');
    const { userId, sessionId } = socket.data.actor;
    const waitMs = (this.#hostileUntil.get(userId) ?? 0) - performance.now();
    if (waitMs > 0) throw new DomainError('rate_limited', { retryAfterMs: waitMs });
    const open = this.io.of('/').adapter.rooms.get(channels.user(userId))?.size ?? 0;
    if (open >= limits.socketsPerUser)
      throw new DomainError('too_many_sockets', { retryAfterMs: limits.tooManySocketsRetryMs });
    await socket.join([channels.user(userId), channels.session(sessionId)]);
    for (const step of this.#steps.subscribe) {
      await step(socket);
      // A socket that has closed in between gets no further close event, for which later steps would wait.
      if (isClosed(socket)) throw new DomainError('unavailable');
    }
    // The rights that it was given may have ended meanwhile.
    if (freezeDetector.freezes !== freezes) throw new DomainError('unavailable');
  }

  #refusal(error: unknown, socket: AppSocket): Error {
    const refused = toDomainError(error);
    this.metrics.refusedHandshakes.inc({ code: refused.code });
    if (refused.code === 'internal') log.error('handshake_failed', refused.cause ?? refused, { socketId: socket.id });
    // Socket.IO sends the message and `data`, and nothing else of the error.
    return Object.assign(new Error(refused.message), { data: refused.toBody() });
  }

  #connected(socket: AppSocket): void {
    guardSocket(socket, this.metrics);
    this.metrics.connections.inc();
    log.debug('socket_connected', { socketId: socket.id, userId: socket.data.actor.userId });
    socket.once('disconnect', (reason) => {
      this.metrics.connections.dec();
      if (cutReasonOf(socket) === 'hostile')
        this.#hostileUntil.set(socket.data.actor.userId, performance.now() + limits.hostileWaitMs);
      log.debug('socket_disconnected', { socketId: socket.id, userId: socket.data.actor.userId, reason });
      for (const listener of this.#disconnectListeners)
        isolate(log, 'disconnect_listener_failed', () => listener(socket));
      // A client that leaves the namespace could keep the connection, which is no longer counted.
      socket.conn.close();
    });
    for (const listener of this.#connectListeners) isolate(log, 'connect_listener_failed', () => listener(socket));
  }

  /** One timer for all sockets: cuts those whose token has ended and those that do not read. */
  #cutOverdue(): void {
    freezeDetector.check();
    for (const [userId, until] of this.#hostileUntil) if (until <= performance.now()) this.#hostileUntil.delete(userId);
    const latestEnd = Date.now() - limits.tokenGraceMs;
    for (const socket of this.io.sockets.sockets.values()) {
      if (socket.data.tokenExpiresAt < latestEnd) cutSocket(socket, 'token_expired', this.metrics);
      else if (isSlowReader(socket)) cutSocket(socket, 'slow_reader', this.metrics);
    }
  }

  /** Cuts every socket before anything is sent to it: the handshake checks again who may read. */
  #cutFrozen(frozenMs: number): void {
    log.warn('was_frozen', { frozenMs: Math.round(frozenMs), sockets: this.io.sockets.sockets.size });
    for (const socket of this.io.sockets.sockets.values()) cutSocket(socket, 'frozen', this.metrics);
  }

  /** Emits to every client when to reconnect, each at another moment. Waits until they have gone or time is up. */
  async #sendAway(): Promise<void> {
    if (!this.#server) return;
    const sockets = this.io.sockets.sockets;
    for (const socket of sockets.values())
      socket.emit('server:draining', { reconnectAfterMs: Math.floor(Math.random() * limits.drainJitterMs) });
    const deadline = Date.now() + limits.drainMs;
    while (sockets.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
