import type { AddressInfo } from 'node:net';
import type {
  ErrorBody,
  HistoryReply,
  Message,
  MessagePage,
  RequestPayload,
  RequestReply,
  RouteReply,
  Session,
  User,
} from '@cloudhop/contracts';
import {
  Controller,
  Injectable,
  type LoggerService,
  type OnModuleInit,
  type Provider,
  type Type,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { WebSocketGateway } from '@nestjs/websockets';
import { io, type Socket } from 'socket.io-client';
import type { Actor } from '../actor';
import { AdmissionService } from '../admission/admission.service';
import { DomainError } from '../domain-error';
import { Draining } from '../draining';
import { ENV, loadEnv } from '../env';
import { Degradations } from '../health/degradations';
import { HealthController } from '../health/health.controller';
import { HealthService } from '../health/health.service';
import { Readiness } from '../health/readiness';
import { configureHttp } from '../http';
import { Metrics } from '../metrics';
import { On } from '../on';
import { OverloadGuard } from '../overload-guard';
import { LimitStore } from '../rate-limits/limit-store';
import { RateLimits } from '../rate-limits/rate-limits';
import { RealtimeServer } from '../realtime-server';
import { RestLimits } from '../rest/rest-limits';
import { SECRETS } from '../secrets';
import { Route, type Exchange, type RouteInput } from '../route';
import { TokenVerifier, apiTokenPrefix, type VerifiedToken } from '../token-verifier';

export const someId = '01900000-0000-7000-8000-000000000001';

/** Any UUID-like token is its own user; expired and forged are what they say. */
@Injectable()
class TokensByName extends TokenVerifier {
  async verify(token: string): Promise<VerifiedToken> {
    if (token === 'expired') throw new DomainError('token_expired');
    if (token === 'forged') throw new DomainError('unauthenticated');
    const user: User = { id: token, kind: 'guest', displayName: 'Guest', profileRev: 1 };
    return { actor: { userId: token, sessionId: token }, user, expiresAt: Date.now() + 600_000 };
  }

  override verifyRequest({ headers }: { headers: { authorization?: string } }): Promise<VerifiedToken> {
    return this.verify(headers.authorization!.replace(/^Bearer +/i, ''));
  }

  override async verifyApiToken(token: string): ReturnType<TokenVerifier['verifyApiToken']> {
    const id = token.slice(apiTokenPrefix.length);
    return { actor: { userId: id, sessionId: id }, scopes: ['messages:write'] };
  }
}

const emptyHistory: HistoryReply = { messages: [], users: [], mine: [], rev: 0, hasBefore: false, hasAfter: false };

/** Behaviour of the handlers, set by the tests. */
export const script = {
  send: (payload: { body: string }): Message => ({
    conversationId: someId,
    id: someId,
    seq: 1,
    rev: 1,
    authorId: someId,
    body: payload.body,
    createdAt: '2026-01-01T12:00:00.000Z',
    reactions: [],
    attachments: [],
  }),
  pins: [] as Message[],
  /** A read, of the socket and of REST. */
  history: (_limit: number): HistoryReply | Promise<HistoryReply> => emptyHistory,
  /** A write that waits for others, to be done together. */
  read: (): void | Promise<void> => undefined,
  leave: (_slug: string): void | Promise<void> => undefined,
  rename: (_name: string): void | Promise<void> => undefined,
  logout: (): void | Promise<void> => undefined,
};

@Controller()
class RestDoors {
  @Route('messages.send')
  send(_actor: Actor, { body }: RouteInput<'messages.send'>, exchange: Exchange): Message {
    if (body.body === 'retry') exchange.setStatus(200);
    return script.send(body);
  }

  @Route('messages.pinned')
  pinned(): RouteReply<'messages.pinned'> {
    return { items: script.pins, users: [] };
  }

  @Route('auth.change')
  async rename(actor: Actor, { body }: RouteInput<'auth.change'>): Promise<User> {
    await script.rename(body.displayName ?? '');
    return { id: actor.userId, kind: 'guest', displayName: body.displayName ?? '', profileRev: 2 };
  }

  @Route('auth.guest')
  guest(): Session {
    throw new Error('the guest book burns: hunter2');
  }

  @Route('auth.logout')
  async logout(): Promise<void> {
    await script.logout();
  }

  @Route('messages.list')
  async list(_actor: Actor, { query }: RouteInput<'messages.list'>): Promise<MessagePage> {
    const { messages, ...page } = await script.history(query.limit);
    return { items: messages, ...page };
  }
}

@WebSocketGateway()
class SocketDoors implements OnModuleInit {
  constructor(
    private readonly realtime: RealtimeServer,
    private readonly verifier: TokenVerifier,
  ) {}

  onModuleInit(): void {
    this.realtime.onHandshake(async (socket) => {
      const { actor, user, expiresAt } = await this.verifier.verify(String(socket.handshake.auth['token']));
      Object.assign(socket.data, { actor: { ...actor, requestId: socket.id }, user, tokenExpiresAt: expiresAt });
    }, 'authenticate');
  }

  @On('message:send')
  send(_actor: Actor, payload: RequestPayload<'message:send'>): RequestReply<'message:send'> {
    return script.send(payload);
  }

  @On('presence:set')
  setPresence(): Record<string, never> {
    // What a plain gateway would emit instead of acknowledging.
    return { event: 'user:gotcha', data: 1 } as unknown as Record<string, never>;
  }

  @On('conversation:history')
  async history(_actor: Actor, { limit }: RequestPayload<'conversation:history'>): Promise<HistoryReply> {
    return script.history(limit);
  }

  @On('conversation:read')
  async read(): Promise<Record<string, never>> {
    await script.read();
    return {};
  }

  @On('room:leave')
  async leave(_actor: Actor, { slug }: RequestPayload<'room:leave'>): Promise<Record<string, never>> {
    await script.leave(slug);
    return {};
  }

  @On('conversation:close')
  close(): Promise<Record<string, never>> {
    return Promise.resolve(undefined as unknown as Record<string, never>);
  }
}

/** The edge of one node: everything between the wire and the services, without services or a database. */
export interface EdgeNode {
  url: string;
  app: NestExpressApplication;
  /** A request below /api as JSON, unless `init` says otherwise. */
  api(method: string, path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  /** A connected socket of the user with this id. */
  connect(token?: string, options?: object): Promise<Socket>;
  /** Why a socket is refused; its message is "let in" when it is not. */
  refusal(token: string, options?: object): Promise<{ data?: ErrorBody; message: string }>;
  close(): Promise<void>;
}

export interface EdgeNodeOptions {
  env?: Record<string, string>;
  logger?: LoggerService;
  /** Controllers and providers of a feature, besides those of the edge. */
  controllers?: Type[];
  providers?: Provider[];
}

export async function startEdgeNode({
  env,
  logger,
  controllers = [],
  providers = [],
}: EdgeNodeOptions = {}): Promise<EdgeNode> {
  const module = await Test.createTestingModule({
    controllers: [HealthController, RestDoors, ...controllers],
    providers: [
      { provide: ENV, useValue: loadEnv({ WEB_DIR: '/nonexistent', ...env }) },
      { provide: TokenVerifier, useClass: TokensByName },
      AdmissionService,
      Degradations,
      Draining,
      HealthService,
      { provide: SECRETS, useValue: { refreshKey: 'the key of the edge' } },
      LimitStore,
      Metrics,
      OverloadGuard,
      RateLimits,
      Readiness,
      RealtimeServer,
      RestLimits,
      SocketDoors,
      ...providers,
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: logger ?? false, bodyParser: false });
  configureHttp(app, '0.0.0');
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const sockets: Socket[] = [];
  const connect: EdgeNode['connect'] = async (token = someId, options = {}) => {
    const socket: Socket = io(url, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...options,
    });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  };
  return {
    url,
    app,
    api: (method, path, { json, ...init } = {}) =>
      fetch(`${url}/api${path}`, {
        method,
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...init,
        headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...init.headers },
      }),
    connect,
    refusal: (token, options) =>
      connect(token, options).then(
        () => ({ message: 'let in' }),
        (error: { data?: ErrorBody; message: string }) => error,
      ),
    close: async () => {
      for (const socket of sockets) socket.disconnect();
      await app.close();
    },
  };
}
