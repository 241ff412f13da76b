import { type AppSocket, RealtimeServer, eventLog } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed, personalFeed } from '@cloudhop/api/realtime';
import type { Member, Membership } from '@cloudhop/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { ConversationFeedSource } from './conversation-feed.source';

const log = eventLog('subscriptions');
/** Rounds of reading memberships until none changed meanwhile; more means that somebody is joining in a loop. */
const maxRounds = 5;

/** Which feeds a socket follows by itself: from before `connect` is answered until it closes. */
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
    // What was passed over may be the end of a session, or new conversations: the handshake finds all of it.
    this.feeds.onGap('personal', async (_userId, sockets) => {
      for (const socket of sockets) socket.disconnect(true);
    });
    this.feeds.onChange('personal', (_userId, change, sockets) => {
      if (change.kind === 'membership') this.#membershipChanged(change.membership, sockets);
    });
  }

  /** Who may still read goes on following; the others were sent away by a change that was passed over. */
  async #recheckReaders(conversationId: string, sockets: readonly AppSocket[]): Promise<void> {
    const userIds = new Set(sockets.map((socket) => socket.data.actor.userId));
    const readers = new Set(await this.repository.readersAmong(conversationId, [...userIds]));
    for (const socket of sockets) {
      if (!readers.has(socket.data.actor.userId)) this.feeds.unsubscribe(socket, conversationFeed(conversationId));
    }
  }

  /**
   * Follows the personal feed first, then what the memberships say, again until they held still: a ban that this node
   * told before these feeds were followed is seen by the second look only.
   */
  async subscribeAll(socket: AppSocket): Promise<void> {
    const { userId } = socket.data.actor;
    await this.feeds.subscribe(socket, personalFeed(userId));
    let { rev, conversationIds } = await this.repository.subscriptions(userId);
    for (let round = 0; round < maxRounds; round++) {
      await Promise.all(conversationIds.map((id) => this.feeds.subscribe(socket, conversationFeed(id))));
      const before = { rev, conversationIds };
      ({ rev, conversationIds } = await this.repository.subscriptions(userId));
      // Only what was followed here: what a change told meanwhile may be newer than what was read.
      for (const id of before.conversationIds)
        if (!conversationIds.includes(id)) this.feeds.unsubscribe(socket, conversationFeed(id));
      if (rev === before.rev) break;
    }
    for (const id of this.feeds.subscribedIds(socket, 'conversation'))
      this.feeds.activate(socket, conversationFeed(id));
  }

  /** Who lost the right to read leaves the channel before anything later is emitted. */
  #memberChanged(conversationId: string, member: Member, sockets: readonly AppSocket[]): void {
    if (member.state === 'joined' || member.state === 'invited') return;
    for (const socket of sockets) {
      if (socket.data.actor.userId !== member.userId) continue;
      this.feeds.unsubscribe(socket, conversationFeed(conversationId));
      this.#comeBack(socket, conversationId).catch((error: unknown) => this.#giveUp(socket, error));
    }
  }

  /** The change may be old news: whoever is back by now follows again. */
  async #comeBack(socket: AppSocket, conversationId: string): Promise<void> {
    const { userId } = socket.data.actor;
    if ((await this.repository.readersAmong(conversationId, [userId])).length > 0)
      await this.#resubscribe(socket, conversationId);
  }

  #membershipChanged({ conversationId, state }: Membership, sockets: readonly AppSocket[]): void {
    const feed = conversationFeed(conversationId);
    for (const socket of sockets) {
      if (state !== 'joined') this.feeds.unsubscribe(socket, feed);
      else if (!this.feeds.isSubscribed(socket, feed))
        this.#resubscribe(socket, conversationId).catch((error: unknown) => this.#giveUp(socket, error));
    }
  }

  /** A socket that hears less than its user may is worse than none: it comes back through the handshake. */
  #giveUp(socket: AppSocket, error: unknown): void {
    log.error('subscriptions.subscribe_failed', error);
    socket.disconnect(true);
  }

  /** Whoever left and came back may have been told neither: an empty frame shows them what they missed. */
  async #resubscribe(socket: AppSocket, conversationId: string): Promise<void> {
    // A socket that has closed meanwhile follows nothing any more.
    if (!this.feeds.isSubscribed(socket, personalFeed(socket.data.actor.userId))) return;
    const feed = conversationFeed(conversationId);
    await this.feeds.subscribe(socket, feed);
    // Sent away again while it came back: that frame may have found nobody.
    const [reader] = await this.repository.readersAmong(conversationId, [socket.data.actor.userId]);
    if (reader === undefined) return this.feeds.unsubscribe(socket, feed);
    if (this.feeds.activate(socket, feed)) this.source.sendHead(socket, conversationId, 0);
  }
}
