import { type Actor, type Exchange, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { GroupsService } from './groups.service';

@Controller()
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  @Route('groups.create')
  async create(
    actor: Actor,
    { body }: RouteInput<'groups.create'>,
    exchange: Exchange,
  ): Promise<RouteReply<'groups.create'>> {
    const { conversation, isNew } = await this.groups.create(actor, body);
    exchange.setStatus(isNew ? 201 : 200);
    return conversation;
  }

  @Route('groups.change')
  change(actor: Actor, { params, body }: RouteInput<'groups.change'>): Promise<RouteReply<'groups.change'>> {
    return this.groups.changeSettings(actor, params.id, body);
  }

  @Route('groups.members')
  members(actor: Actor, { params }: RouteInput<'groups.members'>): Promise<RouteReply<'groups.members'>> {
    return this.groups.list(actor, params.id);
  }

  @Route('groups.add')
  async add(
    actor: Actor,
    { params, body }: RouteInput<'groups.add'>,
    exchange: Exchange,
  ): Promise<RouteReply<'groups.add'>> {
    const { member, isNew } = await this.groups.change(actor, params.id, body.userId, 'add');
    exchange.setStatus(isNew ? 201 : 200);
    return member;
  }

  @Route('groups.remove')
  async remove(actor: Actor, { params }: RouteInput<'groups.remove'>): Promise<RouteReply<'groups.remove'>> {
    return (await this.groups.change(actor, params.id, params.userId, 'remove')).member;
  }

  @Route('groups.join')
  join(actor: Actor, { params }: RouteInput<'groups.join'>): Promise<RouteReply<'groups.join'>> {
    return this.groups.join(actor, params.id);
  }

  @Route('groups.leave')
  async leave(actor: Actor, { params }: RouteInput<'groups.leave'>): Promise<RouteReply<'groups.leave'>> {
    return (await this.groups.change(actor, params.id, actor.userId, 'leave')).member;
  }

  @Route('groups.handOver')
  async handOver(
    actor: Actor,
    { params, body }: RouteInput<'groups.handOver'>,
  ): Promise<RouteReply<'groups.handOver'>> {
    return (await this.groups.change(actor, params.id, body.userId, 'hand_over')).member;
  }
}
