import { type Actor, type AppSocket, On } from '@cloudhop/api/core';
import type { RequestPayload, RequestReply } from '@cloudhop/contracts';
import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { LobbyService } from './lobby.service';

@WebSocketGateway()
export class RoomsGateway {
  constructor(@Inject(LobbyService) private readonly lobby: LobbyService) {}

  @On('presence:list')
  list(
    actor: Actor,
    { conversationId, cursor }: RequestPayload<'presence:list'>,
    socket: AppSocket,
  ): Promise<RequestReply<'presence:list'>> {
    return this.lobby.list(actor, conversationId, cursor, socket);
  }
}
