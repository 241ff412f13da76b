import { UsersService } from '@cloudhop/api/auth';
import { type Actor, type AppSocket, On, isClosed } from '@cloudhop/api/platform';
import type { RequestPayload, RequestReply } from '@cloudhop/contracts';
import { WebSocketGateway } from '@nestjs/websockets';
import { ConversationLogService } from './conversation-log.service';
import { ConversationsService } from './conversations.service';
import { DraftsService } from './drafts.service';
import { FeedSyncService } from './feed-sync.service';
import { ReadMarksService } from './read-marks.service';
import { TypingService } from './typing.service';

@WebSocketGateway()
export class ConversationsGateway {
  constructor(
    private readonly log: ConversationLogService,
    private readonly conversations: ConversationsService,
    private readonly feedSync: FeedSyncService,
    private readonly users: UsersService,
    private readonly drafts: DraftsService,
    private readonly readMarks: ReadMarksService,
    private readonly typing: TypingService,
  ) {}

  @On('feed:sync')
  sync(actor: Actor, payload: RequestPayload<'feed:sync'>, socket: AppSocket): Promise<RequestReply<'feed:sync'>> {
    return this.feedSync.sync(actor, payload, () => isClosed(socket));
  }

  @On('conversation:open')
  open(
    actor: Actor,
    payload: RequestPayload<'conversation:open'>,
    socket: AppSocket,
  ): Promise<RequestReply<'conversation:open'>> {
    return this.conversations.open(actor, payload, socket);
  }

  @On('conversation:close')
  close(
    _actor: Actor,
    { conversationId }: RequestPayload<'conversation:close'>,
    socket: AppSocket,
  ): RequestReply<'conversation:close'> {
    this.conversations.close(socket, conversationId);
    return {};
  }

  @On('conversation:history')
  history(
    actor: Actor,
    payload: RequestPayload<'conversation:history'>,
  ): Promise<RequestReply<'conversation:history'>> {
    return this.conversations.history(actor, payload);
  }

  @On('conversation:read')
  async read(actor: Actor, payload: RequestPayload<'conversation:read'>): Promise<RequestReply<'conversation:read'>> {
    await this.readMarks.move(actor, payload);
    return {};
  }

  @On('message:send')
  async send(actor: Actor, payload: RequestPayload<'message:send'>): Promise<RequestReply<'message:send'>> {
    return (await this.log.append(actor, payload)).message;
  }

  @On('message:edit')
  edit(actor: Actor, payload: RequestPayload<'message:edit'>): Promise<RequestReply<'message:edit'>> {
    return this.log.edit(actor, payload);
  }

  @On('message:delete')
  delete(actor: Actor, payload: RequestPayload<'message:delete'>): Promise<RequestReply<'message:delete'>> {
    return this.log.delete(actor, payload);
  }

  @On('message:react')
  react(actor: Actor, payload: RequestPayload<'message:react'>): Promise<RequestReply<'message:react'>> {
    return this.log.react(actor, payload);
  }

  @On('message:pin')
  pin(actor: Actor, payload: RequestPayload<'message:pin'>): Promise<RequestReply<'message:pin'>> {
    return this.log.pin(actor, payload);
  }

  @On('draft:set')
  setDraft(actor: Actor, payload: RequestPayload<'draft:set'>): Promise<RequestReply<'draft:set'>> {
    return this.drafts.set(actor, payload);
  }

  @On('typing:set')
  setTyping(actor: Actor, payload: RequestPayload<'typing:set'>, socket: AppSocket): RequestReply<'typing:set'> {
    return this.typing.set(actor, payload, socket);
  }

  @On('user:lookup')
  async lookup(_actor: Actor, { users }: RequestPayload<'user:lookup'>): Promise<RequestReply<'user:lookup'>> {
    const known = new Map(users.map(({ id, profileRev }) => [id, profileRev]));
    const found = await this.users.find([...known.keys()]);
    return { users: found.filter((user) => user.profileRev > known.get(user.id)!) };
  }
}
