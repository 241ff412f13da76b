import { type Actor, Route, type RouteInput } from '@cloudhop/api/platform';
import type { RouteReply } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { ConversationsService } from './conversations.service';
import { MemberMarksService } from './member-marks.service';

@Controller()
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly marks: MemberMarksService,
  ) {}

  @Route('conversations.list')
  list(actor: Actor, { query }: RouteInput<'conversations.list'>): Promise<RouteReply<'conversations.list'>> {
    return this.conversations.mine(actor, query);
  }

  @Route('conversations.mark')
  mark(actor: Actor, { params, body }: RouteInput<'conversations.mark'>): Promise<RouteReply<'conversations.mark'>> {
    return this.marks.mark(actor, params.id, body);
  }
}
