import { type AppSocket, RealtimeServer, eventLog } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed, personalFeed } from '@cloudhop/api/realtime';
import type { Member, Membership } from '@cloudhop/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { ConversationFeedSource } from './conversation-feed.source';

const log = eventLog('subscriptions');
/** Maximum rounds of reading memberships until none changes meanwhile; more means that the user joins in a loop. */
const maxRounds = 5;

/** Automatic subscriptions of a socket, from before `connect` is answered until it closes. */
@Injectable()
export class SocketSubscriptionsService implements OnModuleInit {
  constructor(
    private readonly feeds: FeedHub,
    private readonly source: ConversationFeedSource,
    private readonly realtime: RealtimeServer,
    private readonly repository: ConversationsRepository,
  ) {}

  onModuleInit(): void {
    this.source.register();
    this.realtime.onHandshake((socket) => this.subscribeAll(socket), 'subscribe');
    this.feeds.onChange('conversation', (conversationId, change, sockets) => {
      if (change.kind === 'member') this.#memberChanged(conversationId, change.member, sockets);
    });
    this.feeds.onGap('conversation', (conversationId, sockets) => this.#recheckReaders(conversationId, sockets));
    // The skipped changes may have ended a session or added conversations: the handshake finds all of it.
    this.feeds.onGap('personal', async (_userId, sockets) => {
      for (const socket of sockets) socket.disconnect(true);
    });
    this.feeds.onChange('personal', (_userId, change, sockets) => {
      if (change.kind === 'membership') this.#membershipChanged(change.membership, sockets);
    });
  }

  /** Unsubscribes users whose right to read ended in a skipped change. */
  async #recheckReaders(conversationId: string, sockets: readonly AppSocket[]): Promise<void> {
    const userIds = new Set(sockets.map((socket) => socket.data.actor.userId));
    const readers = new Set(await this.repository.readersAmong(conversationId, [...userIds]));
    for (const socket of sockets) {
      if (!readers.has(socket.data.actor.userId)) this.feeds.unsubscribe(socket, conversationFeed(conversationId));
    }
  }

  /**
   * Subscribes to the personal feed, then to the feeds of the memberships, and repeats until the memberships are
   * stable: a ban that this node published before the subscription is found only by the second read.
   */
  async subscribeAll(socket: AppSocket): Promise<void> {
    const { userId } = socket.data.actor;
    await this.feeds.subscribe(socket, personalFeed(userId));
    let { rev, conversationIds } = await this.repository.subscriptions(userId);
    for (let round = 0; round < maxRounds; round++) {
      await Promise.all(conversationIds.map((id) => this.feeds.subscribe(socket, conversationFeed(id))));
      const before = { rev, conversationIds };
      ({ rev, conversationIds } = await this.repository.subscriptions(userId));
      // Only subscriptions of this round: a membership change that arrived meanwhile may be newer than the read.
      for (const id of before.conversationIds)
        if (!conversationIds.includes(id)) this.feeds.unsubscribe(socket, conversationFeed(id));
      if (rev === before.rev) break;
    }
    for (const id of this.feeds.subscribedIds(socket, 'conversation'))
      this.feeds.activate(socket, conversationFeed(id));
  }

  /** Unsubscribes a user who lost the right to read, before anything later is emitted. */
  #memberChanged(conversationId: string, member: Member, sockets: readonly AppSocket[]): void {
    if (member.state === 'joined' || member.state === 'invited') return;
    for (const socket of sockets) {
      if (socket.data.actor.userId !== member.userId) continue;
      this.feeds.unsubscribe(socket, conversationFeed(conversationId));
      this.#recheck(socket, conversationId).catch((error: unknown) => this.#disconnect(socket, error));
    }
  }

  /** Resubscribes a user who has regained the right to read: the change may be old. */
  async #recheck(socket: AppSocket, conversationId: string): Promise<void> {
    const { userId } = socket.data.actor;
    if ((await this.repository.readersAmong(conversationId, [userId])).length > 0)
      await this.#resubscribe(socket, conversationId);
  }

  #membershipChanged({ conversationId, state }: Membership, sockets: readonly AppSocket[]): void {
    const feed = conversationFeed(conversationId);
    for (const socket of sockets) {
      if (state !== 'joined') this.feeds.unsubscribe(socket, feed);
      else if (!this.feeds.isSubscribed(socket, feed))
        this.#resubscribe(socket, conversationId).catch((error: unknown) => this.#disconnect(socket, error));
    }
  }

  /** Disconnects a socket that would miss facts, so that it reconnects through the handshake. */
  #disconnect(socket: AppSocket, error: unknown): void {
    log.error('subscriptions.subscribe_failed', error);
    socket.disconnect(true);
  }

  /** Subscribes again, and sends an empty frame: the user may have missed frames in between. */
  async #resubscribe(socket: AppSocket, conversationId: string): Promise<void> {
    // A socket that has closed meanwhile has no subscriptions.
    if (!this.feeds.isSubscribed(socket, personalFeed(socket.data.actor.userId))) return;
    const feed = conversationFeed(conversationId);
    await this.feeds.subscribe(socket, feed);
    // The user may have been removed again meanwhile, by a frame that found no subscriber.
    const [reader] = await this.repository.readersAmong(conversationId, [socket.data.actor.userId]);
    if (reader === undefined) return this.feeds.unsubscribe(socket, feed);
    if (this.feeds.activate(socket, feed)) this.source.sendHead(socket, conversationId, 0);
  }
}
