import { type Actor, type AppSocket, On } from '@cloudhop/api/platform';
import type { RequestPayload, RequestReply } from '@cloudhop/contracts';
import { WebSocketGateway } from '@nestjs/websockets';
import { LobbyService } from './lobby.service';
import { RoomsService } from './rooms.service';

@WebSocketGateway()
export class RoomsGateway {
  constructor(
    private readonly lobby: LobbyService,
    private readonly rooms: RoomsService,
  ) {}

  @On('presence:list')
  list(
    actor: Actor,
    { conversationId, cursor }: RequestPayload<'presence:list'>,
    socket: AppSocket,
  ): Promise<RequestReply<'presence:list'>> {
    return this.lobby.list(actor, conversationId, cursor, socket);
  }

  @On('room:join')
  join(actor: Actor, { slug, invite }: RequestPayload<'room:join'>): Promise<RequestReply<'room:join'>> {
    return this.rooms.join(actor, slug, invite);
  }

  @On('room:leave')
  async leave(actor: Actor, { slug }: RequestPayload<'room:leave'>): Promise<RequestReply<'room:leave'>> {
    await this.rooms.leave(actor, slug);
    return {};
  }
}
