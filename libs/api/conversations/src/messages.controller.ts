import { type Actor, type Exchange, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ConversationLogService } from './conversation-log.service';
import { ConversationsService } from './conversations.service';
import { MessageDetailsService } from './message-details.service';
import { messageIdOf } from './message-key';
import { SearchService } from './search/search.service';

@Controller()
export class MessagesController {
  constructor(
    private readonly log: ConversationLogService,
    private readonly conversations: ConversationsService,
    private readonly details: MessageDetailsService,
    private readonly searching: SearchService,
  ) {}

  @Route('messages.list')
  list(actor: Actor, { params, query }: RouteInput<'messages.list'>): Promise<RouteReply<'messages.list'>> {
    return this.conversations.list(actor, params.id, query);
  }

  @Route('messages.send')
  async send(
    actor: Actor,
    { params, body }: RouteInput<'messages.send'>,
    exchange: Exchange,
  ): Promise<RouteReply<'messages.send'>> {
    const { id: given, ...send } = body;
    const conversationId = params.id;
    const id = messageIdOf({ userId: actor.userId, conversationId }, given, exchange.idempotencyKey);
    const { message, isNew } = await this.log.append(actor, { conversationId, id, ...send });
    exchange.setStatus(isNew ? 201 : 200);
    return message;
  }

  @Route('messages.edit')
  edit(actor: Actor, { params, body }: RouteInput<'messages.edit'>): Promise<RouteReply<'messages.edit'>> {
    const { body: text, editId = uuidv7() } = body;
    return this.log.edit(actor, { conversationId: params.id, id: params.messageId, body: text, editId });
  }

  @Route('messages.delete')
  delete(actor: Actor, { params }: RouteInput<'messages.delete'>): Promise<RouteReply<'messages.delete'>> {
    return this.log.delete(actor, { conversationId: params.id, id: params.messageId });
  }

  @Route('messages.react')
  react(actor: Actor, { params, body }: RouteInput<'messages.react'>): Promise<RouteReply<'messages.react'>> {
    return this.log.react(actor, { conversationId: params.id, id: params.messageId, ...body });
  }

  @Route('messages.edits')
  edits(actor: Actor, { params, query }: RouteInput<'messages.edits'>): Promise<RouteReply<'messages.edits'>> {
    return this.details.edits(actor, params.id, params.messageId, query.cursor);
  }

  @Route('messages.reactions')
  reactions(
    actor: Actor,
    { params, query }: RouteInput<'messages.reactions'>,
  ): Promise<RouteReply<'messages.reactions'>> {
    return this.details.reactions(actor, { conversationId: params.id, id: params.messageId, ...query });
  }

  @Route('messages.seek')
  seek(actor: Actor, { params, query }: RouteInput<'messages.seek'>): Promise<RouteReply<'messages.seek'>> {
    return this.details.seek(actor, params.id, query.at);
  }

  @Route('messages.pin')
  pin(actor: Actor, { params, body }: RouteInput<'messages.pin'>): Promise<RouteReply<'messages.pin'>> {
    return this.log.pin(actor, { conversationId: params.id, id: params.messageId, ...body });
  }

  @Route('messages.pinned')
  pinned(actor: Actor, { params, query }: RouteInput<'messages.pinned'>): Promise<RouteReply<'messages.pinned'>> {
    return this.details.pinned(actor, params.id, query.cursor);
  }

  @Route('messages.search')
  search(actor: Actor, { query }: RouteInput<'messages.search'>): Promise<RouteReply<'messages.search'>> {
    return this.searching.find(actor, query);
  }
}
