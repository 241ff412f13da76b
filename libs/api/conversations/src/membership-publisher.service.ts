import { Users, toPersonalChanges } from '@cloudhop/api/auth';
import { DomainError } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed, personalFeed } from '@cloudhop/api/realtime';
import type { ErrorCode } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type ToldMember, toConversationChanges } from './rows';

/** Returns the rows. Throws the refusal if the database's function refused. */
export function accepted(rows: ToldMember[]): ToldMember[] {
  const refused = rows.find(({ code }) => code !== null && code !== 'exists');
  if (refused) throw new DomainError(refused.code as ErrorCode);
  return rows;
}

/** Publisher of memberships that a function of the database wrote, in the conversation's feed and in the member's. */
@Injectable()
export class MembershipPublisher {
  constructor(
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(Users) private readonly users: Users,
  ) {}

  /** `alsoIds`: users to whom the changes refer, besides the members. */
  async publish(conversationId: string, rows: readonly ToldMember[], alsoIds: readonly string[] = []): Promise<void> {
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
        this.feeds.publish({
          feed: personalFeed(userId),
          fromRev: feedRev - 1,
          toRev: feedRev,
          changes: toPersonalChanges(userId, [{ kind: 'membership', rev: feedRev, data: membership }]),
          users,
        });
    }
  }
}
