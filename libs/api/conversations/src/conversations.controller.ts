import { type Actor, type Exchange, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller, Inject } from '@nestjs/common';
import { ConversationsService } from './conversations.service';
import { Relations } from './relations.service';

@Controller()
export class ConversationsController {
  constructor(
    @Inject(ConversationsService) private readonly conversations: ConversationsService,
    @Inject(Relations) private readonly relations: Relations,
  ) {}

  @Route('conversations.list')
  list(actor: Actor, { query }: RouteInput<'conversations.list'>): Promise<RouteReply<'conversations.list'>> {
    return this.conversations.mine(actor, query);
  }

  @Route('conversations.direct')
  async direct(
    actor: Actor,
    { body }: RouteInput<'conversations.direct'>,
    exchange: Exchange,
  ): Promise<RouteReply<'conversations.direct'>> {
    const { conversation, isNew } = await this.relations.openDirect(actor, body.userId);
    exchange.setStatus(isNew ? 201 : 200);
    return conversation;
  }

  @Route('conversations.mark')
  mark(actor: Actor, { params, body }: RouteInput<'conversations.mark'>): Promise<RouteReply<'conversations.mark'>> {
    return this.relations.mark(actor, params.id, body);
  }

  @Route('settings.get')
  settings(actor: Actor): Promise<RouteReply<'settings.get'>> {
    return this.relations.settings(actor);
  }

  @Route('settings.change')
  changeSettings(actor: Actor, { body }: RouteInput<'settings.change'>): Promise<RouteReply<'settings.change'>> {
    return this.relations.changeSettings(actor, body);
  }
}
