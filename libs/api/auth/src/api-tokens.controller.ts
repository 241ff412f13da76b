import { type Actor, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { ApiTokensService } from './api-tokens.service';

@Controller()
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokensService) {}

  @Route('tokens.create')
  create(actor: Actor, { body }: RouteInput<'tokens.create'>): Promise<RouteReply<'tokens.create'>> {
    return this.tokens.create(actor, body);
  }

  @Route('tokens.list')
  list(actor: Actor): Promise<RouteReply<'tokens.list'>> {
    return this.tokens.list(actor);
  }

  @Route('tokens.revoke')
  revoke(actor: Actor, { params }: RouteInput<'tokens.revoke'>): Promise<RouteReply<'tokens.revoke'>> {
    return this.tokens.revoke(actor, params.id);
  }
}
