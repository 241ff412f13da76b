import type { RequestPayload, RequestReply } from '@cloudhop/contracts';
import { type Actor, type AppSocket, On, RealtimeServer } from '@cloudhop/api/platform';
import { FeedHub } from '@cloudhop/api/realtime';
import type { OnModuleInit } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { SocketSessionsService } from './socket-sessions.service';

@WebSocketGateway()
export class AuthGateway implements OnModuleInit {
  constructor(
    private readonly sessions: SocketSessionsService,
    private readonly realtime: RealtimeServer,
    private readonly feeds: FeedHub,
  ) {}

  onModuleInit(): void {
    this.realtime.onHandshake((socket) => this.sessions.authenticate(socket), 'authenticate');
    this.realtime.onHandshake((socket) => this.sessions.subscribe(socket), 'subscribe');
    this.feeds.onChange('personal', (_userId, change, sockets) => this.sessions.personalChanged(change, sockets));
  }

  @On('session:renew')
  renew(
    actor: Actor,
    { token }: RequestPayload<'session:renew'>,
    socket: AppSocket,
  ): Promise<RequestReply<'session:renew'>> {
    return this.sessions.renew(actor, token, socket);
  }

  @On('presence:set')
  setPresence(_actor: Actor, payload: RequestPayload<'presence:set'>, socket: AppSocket): RequestReply<'presence:set'> {
    return this.sessions.setPresence(socket, payload);
  }
}
