import type { AppSocket } from '@cloudhop/api/platform';
import { FeedHub, type FeedSource, conversationFeed } from '@cloudhop/api/realtime';
import type { ConversationChange, PersonalChange } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { PersonalRepository } from './personal.repository';

/** How the two kinds of feed are read and told. */
@Injectable()
export class FeedSources {
  constructor(
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(ConversationsRepository) private readonly repository: ConversationsRepository,
    @Inject(PersonalRepository) private readonly personal: PersonalRepository,
  ) {}

  register(): void {
    this.feeds.registerSource('conversation', this.#conversation());
    this.feeds.registerSource('personal', this.#personal());
  }

  /** An empty frame at the head, where that is above `rev`: who has read only up to there asks for the rest. */
  tellHead(socket: AppSocket, conversationId: string, rev: number): void {
    const head = this.feeds.head(conversationFeed(conversationId))?.rev;
    if (head === undefined || head <= rev) return;
    const { epoch } = this.feeds;
    socket.emit('conversation:changed', { epoch, conversationId, fromRev: head, toRev: head, changes: [], users: [] });
  }

  #conversation(): FeedSource {
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

  #personal(): FeedSource {
    return {
      heads: (ids) => this.personal.heads(ids),
      changesAfter: (id, rev) => this.personal.changesAfter(id, rev),
      // What the feature does before an ended session is told must not reach further than that.
      isCutOff: (change) => change.kind === 'session' && change.state === 'ended',
      fact: (_userId, epoch, { fromRev, toRev, changes, users }) => [
        'personal:changed',
        { epoch, fromRev, toRev, changes: changes as PersonalChange[], users: [...users] },
      ],
    };
  }
}
