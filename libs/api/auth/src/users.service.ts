import { limits, type User } from '@cloudhop/contracts';
import { type Actor, DomainError, FeedHub, personalFeed } from '@cloudhop/api/core';
import { Inject, Injectable } from '@nestjs/common';
import { isReservedName } from './reserved-names';
import { toUser } from './user-mapping';
import { UsersRepository } from './users.repository';

/** Who people are, as others see them. */
@Injectable()
export class Users {
  constructor(
    @Inject(UsersRepository) private readonly users: UsersRepository,
    @Inject(FeedHub) private readonly feeds: FeedHub,
  ) {}

  /**
   * Those of `ids` that exist, in no order; at most limits.lookupUsers of them are looked at. A guest who was forgotten
   * is still a guest, called "Guest", without a tag: messages keep their author, and pages say the word in their language.
   */
  async find(ids: readonly string[]): Promise<User[]> {
    const unique = [...new Set(ids)].slice(0, limits.lookupUsers);
    return unique.length === 0 ? [] : (await this.users.find(unique)).map(toUser);
  }

  /** Throws session_ended when there is no such user any more. */
  async require(userId: string): Promise<User> {
    const [user] = await this.find([userId]);
    if (!user) throw new DomainError('session_ended');
    return user;
  }

  /** Gives the actor a name, and tells every node where the actor is. The same name again writes nothing. */
  async rename(actor: Pick<Actor, 'userId'>, displayName: string): Promise<User> {
    requireFreeName(displayName);
    const renamed = await this.users.rename(actor.userId, displayName);
    if (!renamed) throw new DomainError('session_ended');
    const user = toUser(renamed);
    if (renamed.rev !== null) this.tellChanged(user, renamed.rev);
    return user;
  }

  /** Tells every node where the user is that others see them differently now. */
  tellChanged(user: User, rev: number): void {
    this.feeds.committed({
      feed: personalFeed(user.id),
      fromRev: rev - 1,
      toRev: rev,
      changes: [{ kind: 'user', rev, user }],
      users: [user],
    });
  }
}

/** Throws invalid_text for a name that would make its bearer look like someone in charge. */
export function requireFreeName(displayName: string): void {
  if (isReservedName(displayName))
    throw new DomainError('invalid_text', { fields: { displayName: 'is a reserved name' } });
}
