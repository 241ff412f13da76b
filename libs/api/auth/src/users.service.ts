import { type AvatarColor, type Profile, type User, usernameKey } from '@cloudhop/contracts';
import { type Actor, DomainError, eventLog, isolate, limits } from '@cloudhop/api/platform';
import { FeedHub, PresenceDirectory, personalFeed } from '@cloudhop/api/realtime';
import { Injectable } from '@nestjs/common';
import { PersonalFeedPublisher, type PersonalFeedRow } from '@cloudhop/api/personal-feed';
import { isReservedName } from './reserved-names';
import { SessionCutsService } from './session-cuts.service';
import type { SessionEnd } from './session.entity';
import { boundedTime } from '@cloudhop/api/database';
import { toUser, toUsers } from './user-mapping';
import { UsersRepository } from './users.repository';

const log = eventLog('users');

/** Public profiles of users. */
@Injectable()
export class UsersService {
  readonly #forgotten = new Set<(userId: string) => void>();

  constructor(
    private readonly users: UsersRepository,
    private readonly feeds: FeedHub,
    private readonly personalFeeds: PersonalFeedPublisher,
    private readonly cuts: SessionCutsService,
    private readonly directory: PresenceDirectory,
  ) {}

  /**
   * Returns those of `ids` that exist and can be rendered, in no order. The caller bounds `ids`. A forgotten guest is still a guest, called
   * "Guest", without a tag: messages keep their author, and pages translate the word.
   */
  async find(ids: readonly string[]): Promise<User[]> {
    const unique = [...new Set(ids)];
    return unique.length === 0 ? [] : toUsers(await this.users.find(unique));
  }

  /** Returns a user. Throws session_ended if the user does not exist any more. */
  async require(userId: string): Promise<User> {
    const [user] = await this.find([userId]);
    if (!user) throw new DomainError('session_ended');
    return user;
  }

  /** Finds the user with exactly this username, in any case. */
  async findByUsername(username: string): Promise<User | undefined> {
    const row = await this.users.findByUsername(usernameKey(username.trim()));
    return row && toUser(row);
  }

  /** Returns the time at which a user was created, and a member's former names of the last month. Throws not_found. */
  async history(userId: string): Promise<Pick<Profile, 'createdAt' | 'formerNames'>> {
    const [row] = await this.users.find([userId]);
    if (!row) throw new DomainError('not_found');
    const names =
      row.kind === 'guest' ? [] : await this.users.formerNames(userId, limits.formerNamesMs, limits.formerNames);
    return {
      createdAt: boundedTime(row.created_at),
      formerNames: names.map(({ name, until }) => ({ name, until: boundedTime(until) })),
    };
  }

  /**
   * Changes the actor's name or colour, and publishes it on every node. Writes nothing if neither differs. Throws
   * invalid_text for a reserved name, renamed_too_often.
   */
  async changeProfile(
    actor: Pick<Actor, 'userId'>,
    { displayName, color }: { displayName?: string | undefined; color?: AvatarColor | undefined },
  ): Promise<User> {
    // A name from before the rule stays valid for its user, because pages send it again.
    if (displayName !== undefined && isReservedName(displayName)) {
      const [row] = await this.users.find([actor.userId]);
      if (row?.display_name !== displayName) requireFreeName(displayName);
    }
    const changed = await this.users.changeProfile(actor.userId, displayName, color);
    if (!changed) throw new DomainError('session_ended');
    if (changed.verdict === 'refused')
      throw new DomainError('renamed_too_often', {
        ...(changed.retry_after_ms !== null && { retryAfterMs: changed.retry_after_ms }),
      });
    const user = toUser(changed.author);
    if (changed.rev !== null) this.publishChanged(user, changed.rev);
    return user;
  }

  /** Anonymises a user: deletes name, friends, drafts and devices. Messages stay, without the author's name. */
  async forget(userId: string): Promise<void> {
    await this.#publishForgotten(userId, await this.users.forget(userId, 'revoked'), 'revoked');
  }

  /**
   * Returns guests but for `except` who were not seen for limits.guestSessionMs and have no live session,
   * limits.guestSweepStep at most.
   */
  unseenGuests(except: readonly string[]): Promise<string[]> {
    return this.users.unseenGuests(limits.guestSessionMs, except, limits.guestSweepStep);
  }

  /** Forgets a guest of unseenGuests. Returns false if they came back, or another node was first. */
  async forgetUnseenGuest(userId: string): Promise<boolean> {
    const written = await this.users.forgetUnseenGuest(userId, limits.guestSessionMs);
    const guest = written.find(({ kind }) => kind === 'user');
    if (guest) await this.#publishForgotten(guest.user_id, written, 'expired');
    return guest !== undefined;
  }

  async #publishForgotten(userId: string, written: PersonalFeedRow[], reason: SessionEnd): Promise<void> {
    this.cuts.endWritten(written, reason);
    this.personalFeeds.publish(written, await this.find([userId]));
    for (const listener of this.#forgotten) isolate(log, 'users.listener_failed', () => listener(userId));
  }

  /** Calls `listener` after this node has anonymised a user. */
  onForgotten(listener: (userId: string) => void): void {
    this.#forgotten.add(listener);
  }

  /** Publishes a changed profile to every node. */
  publishChanged(user: User, rev: number): void {
    this.directory.userChanged(user);
    this.feeds.publish({
      feed: personalFeed(user.id),
      fromRev: rev - 1,
      toRev: rev,
      changes: [{ kind: 'user', rev, user }],
      users: [user],
    });
  }
}

/** Throws invalid_text for a name that imitates the staff or the product. */
export function requireFreeName(displayName: string): void {
  if (isReservedName(displayName))
    throw new DomainError('invalid_text', { fields: { displayName: 'must not be a reserved name' } });
}
