import type { AppSocket } from '@cloudhop/api/platform';
import { FeedHub, type FeedSource, conversationFeed } from '@cloudhop/api/realtime';
import type { ConversationChange } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';

/** Source of the feeds of conversations. */
@Injectable()
export class ConversationFeedSource {
  constructor(
    private readonly feeds: FeedHub,
    private readonly repository: ConversationsRepository,
  ) {}

  register(): void {
    this.feeds.registerSource('conversation', this.#source());
  }

  /** Sends an empty frame at the head if the head is above `rev`, so that a client at `rev` requests the rest. */
  sendHead(socket: AppSocket, conversationId: string, rev: number): void {
    const head = this.feeds.head(conversationFeed(conversationId))?.rev;
    if (head === undefined || head <= rev) return;
    const { epoch } = this.feeds;
    socket.emit('conversation:changed', { epoch, conversationId, fromRev: head, toRev: head, changes: [], users: [] });
  }

  #source(): FeedSource {
    return {
      heads: (ids) => this.repository.heads(ids),
      changesAfter: (id, rev) => this.repository.changesAfter(id, rev),
      isCutOff: (change) =>
        change.kind === 'member' && (change.member.state === 'banned' || change.member.state === 'left'),
      fact: (conversationId, epoch, { fromRev, toRev, changes, users }) => [
        'conversation:changed',
        { epoch, conversationId, fromRev, toRev, changes: changes as ConversationChange[], users: [...users] },
      ],
    };
  }
}
