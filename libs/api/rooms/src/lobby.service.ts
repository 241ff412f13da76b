import { ConversationsService } from '@cloudhop/api/conversations';
import { BlocksService, ConnectedPeers } from '@cloudhop/api/friends';
import { type Actor, type AppSocket, DomainError, RealtimeServer, limits } from '@cloudhop/api/platform';
import { FeedHub, PresenceRegistry, conversationFeed } from '@cloudhop/api/realtime';
import type { RequestReply } from '@cloudhop/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';

/** The lobby: one public conversation to which every visitor is subscribed, and its presence. */
@Injectable()
export class LobbyService implements OnModuleInit {
  #lobbyId = '';

  constructor(
    private readonly conversations: ConversationsService,
    private readonly blocks: BlocksService,
    private readonly peers: ConnectedPeers,
    private readonly presence: PresenceRegistry,
    private readonly feeds: FeedHub,
    private readonly realtime: RealtimeServer,
  ) {}

  async onModuleInit(): Promise<void> {
    this.presence.keepApart((userId) => this.peers.apartFrom(userId));
    this.peers.listen({ apartChanged: ({ userId }, otherId) => this.presence.apartChanged(userId, otherId) });
    this.#lobbyId = await this.conversations.ensureLobby(limits.lobbyRetentionMs);
    this.realtime.onHandshake(async (socket) => this.#arrive(socket), 'subscribe');
    this.feeds.onChange('conversation', (conversationId, change, sockets) => {
      if (conversationId !== this.#lobbyId || change.kind !== 'member' || change.member.state !== 'banned') return;
      for (const socket of sockets) {
        if (socket.data.actor.userId === change.member.userId) this.presence.leave(socket, this.#lobbyId);
      }
    });
    this.feeds.onChange('personal', (_userId, change, sockets) => {
      // A user whose ban was lifted is present again.
      if (change.kind !== 'membership' || change.membership.conversationId !== this.#lobbyId) return;
      if (change.membership.state === 'joined') for (const socket of sockets) this.#arrive(socket);
    });
  }

  get id(): string {
    return this.#lobbyId;
  }

  /**
   * Returns a page of the users in the lobby. Throws forbidden unless the actor is in it. Users whom a block keeps
   * apart from the actor are neither listed nor counted, as if they were hidden.
   */
  async list(
    actor: Actor,
    conversationId: string,
    cursor: string | undefined,
    socket: AppSocket,
  ): Promise<RequestReply<'presence:list'>> {
    if (!this.presence.isHere(socket, conversationId)) throw new DomainError('forbidden');
    return this.presence.list(conversationId, cursor, await this.blocks.apartFrom(actor));
  }

  #arrive(socket: AppSocket): void {
    const feed = conversationFeed(this.#lobbyId);
    // Banned users are never subscribed.
    if (!this.feeds.isSubscribed(socket, feed) || this.presence.isHere(socket, this.#lobbyId)) return;
    this.presence.enter(socket, this.#lobbyId);
    // Also of a socket that closes before it was connected.
    socket.conn.once('close', () => this.presence.leave(socket));
  }
}
