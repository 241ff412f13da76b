import { type Actor, type Exchange, Route, type RouteInput } from '@cloudhop/api/core';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller, Inject } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ConversationLog } from './conversation-log.service';
import { ConversationsService } from './conversations.service';

@Controller()
export class ConversationsController {
  constructor(
    @Inject(ConversationLog) private readonly log: ConversationLog,
    @Inject(ConversationsService) private readonly conversations: ConversationsService,
  ) {}

  @Route('conversations.list')
  list(actor: Actor, { query }: RouteInput<'conversations.list'>): Promise<RouteReply<'conversations.list'>> {
    return this.conversations.mine(actor, query);
  }

  @Route('messages.list')
  messages(actor: Actor, { params, query }: RouteInput<'messages.list'>): Promise<RouteReply<'messages.list'>> {
    return this.conversations.list(actor, params.id, query);
  }

  @Route('messages.send')
  async send(
    actor: Actor,
    { params, body }: RouteInput<'messages.send'>,
    exchange: Exchange,
  ): Promise<RouteReply<'messages.send'>> {
    const { message, isNew } = await this.log.append(actor, {
      conversationId: params.id,
      id: body.id ?? uuidv7(),
      body: body.body,
    });
    exchange.setStatus(isNew ? 201 : 200);
    return message;
  }
}
