import { FeedHub, type FeedSource } from '@cloudhop/api/core';
import type { ConversationChange, PersonalChange } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';

/** How the two kinds of feed are read and told. */
@Injectable()
export class FeedSources {
  constructor(
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(ConversationsRepository) private readonly repository: ConversationsRepository,
  ) {}

  register(): void {
    this.feeds.registerSource('conversation', this.#conversation());
    this.feeds.registerSource('personal', this.#personal());
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
      heads: (ids) => this.repository.personalHeads(ids),
      changesAfter: (id, rev) => this.repository.personalChangesAfter(id, rev),
      // What the feature does before an ended session is told must not reach further than that.
      isCutOff: (change) => change.kind === 'session' && change.state === 'ended',
      fact: (_userId, epoch, { fromRev, toRev, changes, users }) => [
        'personal:changed',
        { epoch, fromRev, toRev, changes: changes as PersonalChange[], users: [...users] },
      ],
    };
  }
}
