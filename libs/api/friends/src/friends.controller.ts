import { type Actor, type Exchange, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { DirectConversationsService } from './direct-conversations.service';
import { FriendsService } from './friends.service';
import { PersonalSettingsService } from './personal-settings.service';

@Controller()
export class FriendsController {
  constructor(
    private readonly friends: FriendsService,
    private readonly directs: DirectConversationsService,
    private readonly personalSettings: PersonalSettingsService,
  ) {}

  @Route('users.find')
  find(actor: Actor, { query }: RouteInput<'users.find'>): Promise<RouteReply<'users.find'>> {
    return this.friends.findByUsername(actor, query.username);
  }

  @Route('users.profile')
  profile(actor: Actor, { params }: RouteInput<'users.profile'>): Promise<RouteReply<'users.profile'>> {
    return this.friends.profile(actor, params.id);
  }

  @Route('friends.list')
  list(actor: Actor, { query }: RouteInput<'friends.list'>): Promise<RouteReply<'friends.list'>> {
    return this.friends.list(actor, query);
  }

  @Route('conversations.direct')
  async direct(
    actor: Actor,
    { body }: RouteInput<'conversations.direct'>,
    exchange: Exchange,
  ): Promise<RouteReply<'conversations.direct'>> {
    const { conversation, isNew } = await this.directs.open(actor, body.userId);
    exchange.setStatus(isNew ? 201 : 200);
    return conversation;
  }

  @Route('settings.get')
  settings(actor: Actor): Promise<RouteReply<'settings.get'>> {
    return this.personalSettings.get(actor);
  }

  @Route('settings.change')
  changeSettings(actor: Actor, { body }: RouteInput<'settings.change'>): Promise<RouteReply<'settings.change'>> {
    return this.personalSettings.change(actor, body);
  }
}
