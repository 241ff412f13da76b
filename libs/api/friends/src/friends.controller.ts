import { type Actor, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller, Inject } from '@nestjs/common';
import { FriendsService } from './friends.service';

@Controller()
export class FriendsController {
  constructor(@Inject(FriendsService) private readonly friends: FriendsService) {}

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
}
