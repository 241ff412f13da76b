import { type AppSocket, FeedHub, RealtimeServer, conversationFeed, eventLog, personalFeed } from '@cloudhop/api/core';
import type { Member, Membership } from '@cloudhop/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { FeedSources } from './feed-sources';

const log = eventLog('follows');
/** Rounds of reading memberships until none changed meanwhile; more means that somebody is joining in a loop. */
const maxRounds = 5;

/** Which feeds a socket follows by itself: from before `connect` is answered until it closes. */
@Injectable()
export class SocketFollows implements OnModuleInit {
  constructor(
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(FeedSources) private readonly sources: FeedSources,
    @Inject(RealtimeServer) private readonly realtime: RealtimeServer,
    @Inject(ConversationsRepository) private readonly repository: ConversationsRepository,
  ) {}

  onModuleInit(): void {
    this.sources.register();
    this.realtime.onHandshake((socket) => this.followAll(socket), 'follow');
    this.feeds.onChange('conversation', (conversationId, change, sockets) => {
      if (change.kind === 'member') this.#memberChanged(conversationId, change.member, sockets);
    });
    this.feeds.onChange('personal', (_userId, change, sockets) => {
      if (change.kind === 'membership') this.#membershipChanged(change.membership, sockets);
    });
  }

  /** Joins the personal channel first, then what the memberships say, again until they held still. */
  async followAll(socket: AppSocket): Promise<void> {
    const { userId } = socket.data.actor;
    await this.feeds.follow(socket, personalFeed(userId));
    let followed = await this.repository.follows(userId);
    for (let round = 0; round < maxRounds; round++) {
      await Promise.all(followed.conversationIds.map((id) => this.feeds.follow(socket, conversationFeed(id))));
      const now = await this.repository.follows(userId);
      if (now.rev === followed.rev) return;
      followed = now;
    }
  }

  /** Who lost the right to read leaves the channel before anything later is emitted. */
  #memberChanged(conversationId: string, member: Member, sockets: readonly AppSocket[]): void {
    if (member.state === 'joined' || member.state === 'invited') return;
    for (const socket of sockets) {
      if (socket.data.actor.userId === member.userId) this.feeds.unfollow(socket, conversationFeed(conversationId));
    }
  }

  #membershipChanged({ conversationId, state }: Membership, sockets: readonly AppSocket[]): void {
    const feed = conversationFeed(conversationId);
    for (const socket of sockets) {
      if (state !== 'joined') this.feeds.unfollow(socket, feed);
      else this.feeds.follow(socket, feed).catch((error: unknown) => log.error('follows.follow_failed', error));
    }
  }
}
