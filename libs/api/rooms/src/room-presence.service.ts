import { ConversationsService } from '@cloudhop/api/conversations';
import type { AppSocket } from '@cloudhop/api/platform';
import { FeedHub, PresenceRegistry, conversationFeed } from '@cloudhop/api/realtime';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LobbyService } from './lobby.service';

/** Presence in rooms: from opening a room until closing it, leaving it, or disconnecting. */
@Injectable()
export class RoomPresenceService implements OnModuleInit {
  /** Sockets that leave every room when they close. */
  readonly #known = new WeakSet<AppSocket>();

  constructor(
    private readonly conversations: ConversationsService,
    private readonly presence: PresenceRegistry,
    private readonly feeds: FeedHub,
    private readonly lobby: LobbyService,
  ) {}

  onModuleInit(): void {
    this.conversations.watchOpen({
      opened: (socket, { id, kind }) => {
        const feed = conversationFeed(id);
        if (kind !== 'room' || !this.feeds.isActive(socket, feed) || this.presence.isHere(socket, id)) return;
        this.presence.enter(socket, id);
        if (!this.#known.has(socket)) socket.conn.once('close', () => this.presence.leave(socket));
        this.#known.add(socket);
      },
      closed: (socket, id) => {
        if (id !== this.lobby.id) this.presence.leave(socket, id);
      },
    });
    this.feeds.onChange('personal', (_userId, change, sockets) => {
      if (change.kind !== 'membership' || change.membership.state === 'joined') return;
      for (const socket of sockets) this.presence.leave(socket, change.membership.conversationId);
    });
  }
}
