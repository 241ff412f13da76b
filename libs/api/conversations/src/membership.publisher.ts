import { UsersService } from '@cloudhop/api/auth';
import { PersonalFeedPublisher } from '@cloudhop/api/personal-feed';
import { DomainError } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import type { ErrorCode } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import type { WrittenMember } from './membership-rows';
import { toConversationChanges } from './rows';

/** Returns the rows. Throws the refusal if the function of the database refused. */
export function accepted<R extends WrittenMember>(rows: R[]): R[] {
  const refused = rows.find(({ code }) => code !== null && code !== 'exists');
  if (refused) throw new DomainError(refused.code as ErrorCode);
  return rows;
}

/** Publisher of memberships that a function of the database wrote, in the conversation's feed and in the member's. */
@Injectable()
export class MembershipPublisher {
  constructor(
    private readonly feeds: FeedHub,
    private readonly personalFeeds: PersonalFeedPublisher,
    private readonly users: UsersService,
  ) {}

  /** `alsoIds`: users to whom the changes refer, besides the members. */
  async publish(
    conversationId: string,
    rows: readonly WrittenMember[],
    alsoIds: readonly string[] = [],
  ): Promise<void> {
    const written = rows.filter(({ is_written }) => is_written);
    if (written.length === 0) return;
    const users = await this.users.find([...new Set([...written.map(({ user_id }) => user_id), ...alsoIds])]);
    for (const { user_id: userId, rev, feed_rev: feedRev, membership } of written) {
      if (rev !== null)
        this.feeds.publish({
          feed: conversationFeed(conversationId),
          fromRev: rev - 1,
          toRev: rev,
          changes: toConversationChanges(conversationId, [{ kind: 'member', rev, data: membership }]),
          users,
        });
      if (feedRev !== null)
        this.personalFeeds.publishChange(userId, { kind: 'membership', rev: feedRev, data: membership }, users);
    }
  }
}
