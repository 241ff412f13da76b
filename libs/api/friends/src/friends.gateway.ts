import { type Actor, On } from '@cloudhop/api/platform';
import type { RequestPayload, RequestReply } from '@cloudhop/contracts';
import { WebSocketGateway } from '@nestjs/websockets';
import { FriendsService } from './friends.service';

@WebSocketGateway()
export class FriendsGateway {
  constructor(private readonly friends: FriendsService) {}

  @On('friend:request')
  request(actor: Actor, payload: RequestPayload<'friend:request'>): Promise<RequestReply<'friend:request'>> {
    return this.friends.request(actor, payload);
  }

  @On('friend:accept')
  accept(actor: Actor, { userId }: RequestPayload<'friend:accept'>): Promise<RequestReply<'friend:accept'>> {
    return this.friends.change(actor, userId, 'accept');
  }

  @On('friend:decline')
  decline(actor: Actor, { userId }: RequestPayload<'friend:decline'>): Promise<RequestReply<'friend:decline'>> {
    return this.friends.change(actor, userId, 'decline');
  }

  @On('friend:withdraw')
  withdraw(actor: Actor, { userId }: RequestPayload<'friend:withdraw'>): Promise<RequestReply<'friend:withdraw'>> {
    return this.friends.change(actor, userId, 'withdraw');
  }

  @On('friend:remove')
  remove(actor: Actor, { userId }: RequestPayload<'friend:remove'>): Promise<RequestReply<'friend:remove'>> {
    return this.friends.change(actor, userId, 'remove');
  }

  @On('user:block')
  block(actor: Actor, { userId }: RequestPayload<'user:block'>): Promise<RequestReply<'user:block'>> {
    return this.friends.setLevel(actor, userId, 'blocked');
  }

  @On('user:unblock')
  unblock(actor: Actor, { userId }: RequestPayload<'user:unblock'>): Promise<RequestReply<'user:unblock'>> {
    return this.friends.setLevel(actor, userId, 'none');
  }

  @On('user:mute')
  mute(actor: Actor, { userId }: RequestPayload<'user:mute'>): Promise<RequestReply<'user:mute'>> {
    return this.friends.setLevel(actor, userId, 'muted');
  }

  @On('user:unmute')
  unmute(actor: Actor, { userId }: RequestPayload<'user:unmute'>): Promise<RequestReply<'user:unmute'>> {
    return this.friends.setLevel(actor, userId, 'none');
  }
}
