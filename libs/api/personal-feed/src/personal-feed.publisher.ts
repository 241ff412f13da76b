import type { ErrorCode, User } from '@cloudhop/contracts';
import { DomainError } from '@cloudhop/api/platform';
import { FeedHub, personalFeed } from '@cloudhop/api/realtime';
import { Injectable } from '@nestjs/common';
import { PersonalFeedKinds } from './personal-feed-kinds';
import type { ChangeRow, PersonalFeedRow } from './rows';

/** Publisher of the changes that functions of the database wrote into personal feeds. */
@Injectable()
export class PersonalFeedPublisher {
  constructor(
    private readonly feeds: FeedHub,
    private readonly kinds: PersonalFeedKinds,
  ) {}

  /** Publishes each change in its feed, with the `users` that it refers to. Throws the refusal if the function refused. */
  publish(rows: readonly PersonalFeedRow[], users: readonly User[] = []): void {
    const refused = rows.find(({ kind }) => kind === 'refused');
    if (refused) throw new DomainError(refused.data as ErrorCode);
    for (const { user_id: userId, rev, kind, data } of rows) {
      if (rev === null || kind === 'exists' || kind === 'opened') continue;
      this.publishChange(userId, { kind, rev, data }, users);
    }
  }

  /** Publishes one written change. */
  publishChange(userId: string, row: ChangeRow, users: readonly User[]): void {
    this.feeds.publish({
      feed: personalFeed(userId),
      fromRev: row.rev - 1,
      toRev: row.rev,
      changes: this.kinds.toChanges(userId, [row]),
      users,
    });
  }
}

/**
 * Returns the state of one kind that a function wrote, or found unchanged, for the user who acts. Throws if there is
 * none.
 */
export function writtenState<T>(rows: readonly PersonalFeedRow[], userId: string, kind: string): T {
  const row = rows.find((each) => each.user_id === userId && (each.kind === kind || each.kind === 'exists'));
  if (!row) throw new Error(`the function returned no change of kind ${kind}`);
  return row.data as T;
}
