import { type Actor, type Exchange, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { InvitesService } from './invites.service';
import { RoomMembersService } from './room-members.service';
import { RoomsService } from './rooms.service';

@Controller()
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly roomMembers: RoomMembersService,
    private readonly roomInvites: InvitesService,
  ) {}

  @Route('rooms.create')
  async create(
    actor: Actor,
    { body }: RouteInput<'rooms.create'>,
    exchange: Exchange,
  ): Promise<RouteReply<'rooms.create'>> {
    const { conversation, isNew } = await this.rooms.create(actor, body);
    exchange.setStatus(isNew ? 201 : 200);
    return conversation;
  }

  @Route('rooms.list')
  list(actor: Actor, { query }: RouteInput<'rooms.list'>): Promise<RouteReply<'rooms.list'>> {
    return this.rooms.list(actor, query);
  }

  @Route('rooms.get')
  get(actor: Actor, { params }: RouteInput<'rooms.get'>): Promise<RouteReply<'rooms.get'>> {
    return this.rooms.get(actor, params.slug);
  }

  @Route('rooms.change')
  change(actor: Actor, { params, body }: RouteInput<'rooms.change'>): Promise<RouteReply<'rooms.change'>> {
    return this.rooms.change(actor, params.slug, body);
  }

  @Route('rooms.join')
  join(actor: Actor, { params, body }: RouteInput<'rooms.join'>): Promise<RouteReply<'rooms.join'>> {
    return this.rooms.join(actor, params.slug, body.invite);
  }

  @Route('rooms.leave')
  leave(actor: Actor, { params }: RouteInput<'rooms.leave'>): Promise<RouteReply<'rooms.leave'>> {
    return this.rooms.leave(actor, params.slug);
  }

  @Route('rooms.members')
  members(actor: Actor, { params, query }: RouteInput<'rooms.members'>): Promise<RouteReply<'rooms.members'>> {
    return this.roomMembers.list(actor, params.slug, query);
  }

  @Route('rooms.invite')
  async invite(
    actor: Actor,
    { params, body }: RouteInput<'rooms.invite'>,
    exchange: Exchange,
  ): Promise<RouteReply<'rooms.invite'>> {
    const { member, isNew } = await this.roomMembers.invite(actor, params.slug, body.userId);
    exchange.setStatus(isNew ? 201 : 200);
    return member;
  }

  @Route('rooms.changeMember')
  changeMember(
    actor: Actor,
    { params, body }: RouteInput<'rooms.changeMember'>,
  ): Promise<RouteReply<'rooms.changeMember'>> {
    return this.roomMembers.change(actor, params.slug, params.userId, body);
  }

  @Route('rooms.removeMember')
  removeMember(actor: Actor, { params }: RouteInput<'rooms.removeMember'>): Promise<RouteReply<'rooms.removeMember'>> {
    return this.roomMembers.remove(actor, params.slug, params.userId);
  }

  @Route('rooms.handOver')
  handOver(actor: Actor, { params, body }: RouteInput<'rooms.handOver'>): Promise<RouteReply<'rooms.handOver'>> {
    return this.roomMembers.handOver(actor, params.slug, body.userId);
  }

  @Route('rooms.createInvite')
  createInvite(
    actor: Actor,
    { params, body }: RouteInput<'rooms.createInvite'>,
  ): Promise<RouteReply<'rooms.createInvite'>> {
    return this.roomInvites.create(actor, params.slug, body);
  }

  @Route('rooms.invites')
  invites(actor: Actor, { params }: RouteInput<'rooms.invites'>): Promise<RouteReply<'rooms.invites'>> {
    return this.roomInvites.list(actor, params.slug);
  }

  @Route('rooms.revokeInvite')
  revokeInvite(actor: Actor, { params }: RouteInput<'rooms.revokeInvite'>): Promise<RouteReply<'rooms.revokeInvite'>> {
    return this.roomInvites.revoke(actor, params.slug, params.inviteId);
  }

  @Route('rooms.messages')
  messages(actor: Actor, { params, query }: RouteInput<'rooms.messages'>): Promise<RouteReply<'rooms.messages'>> {
    return this.rooms.messages(actor, params.slug, query);
  }

  @Route('rooms.send')
  async send(
    actor: Actor,
    { params, body }: RouteInput<'rooms.send'>,
    exchange: Exchange,
  ): Promise<RouteReply<'rooms.send'>> {
    const { message, isNew } = await this.rooms.send(actor, params.slug, body, exchange.idempotencyKey);
    exchange.setStatus(isNew ? 201 : 200);
    return message;
  }
}
