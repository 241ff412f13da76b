import { FeedHub } from '@cloudhop/api/realtime';
import type { PersonalChange } from '@cloudhop/contracts';
import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { PersonalFeedKinds } from './personal-feed-kinds';
import { PersonalFeedPublisher } from './personal-feed.publisher';
import { PersonalFeedRepository } from './personal-feed.repository';

/** Registers personal feeds as a kind of feed. */
export function registerPersonalFeeds(
  feeds: FeedHub,
  repository: PersonalFeedRepository,
  kinds: PersonalFeedKinds,
): void {
  feeds.registerSource('personal', {
    heads: (userIds) => repository.heads(userIds),
    changesAfter: (userId, rev) => repository.changesAfter(userId, rev),
    isCutOff: (change) => kinds.isCutOff(change),
    fact: (_userId, epoch, { fromRev, toRev, changes, users }) => [
      'personal:changed',
      { epoch, fromRev, toRev, changes: changes as PersonalChange[], users: [...users] },
    ],
  });
}

/** Each user's own feed. Global, because every feature publishes to it and registers what it holds. */
@Global()
@Module({
  providers: [PersonalFeedKinds, PersonalFeedPublisher, PersonalFeedRepository],
  exports: [PersonalFeedKinds, PersonalFeedPublisher, PersonalFeedRepository],
})
export class PersonalFeedModule implements OnModuleInit {
  constructor(
    private readonly feeds: FeedHub,
    private readonly repository: PersonalFeedRepository,
    private readonly kinds: PersonalFeedKinds,
  ) {}

  onModuleInit(): void {
    registerPersonalFeeds(this.feeds, this.repository, this.kinds);
  }
}
