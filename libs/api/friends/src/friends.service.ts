import { UsersService, toUser } from '@cloudhop/api/auth';
import { PersonalFeedPublisher, writtenState } from '@cloudhop/api/personal-feed';
import { type Actor, DomainError, limits, type RateLimiter, RateLimits, renderRows } from '@cloudhop/api/platform';
import type { Block, Friend, Profile, RequestPayload, User } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type BlockRow, type FriendRow, toBlock, toFriend } from './friend-rows';
import { type FriendVerb, FriendsRepository } from './friends.repository';
import { publishRelation } from './publish-relation';

/** Friendships, blocks and profiles. */
@Injectable()
export class FriendsService {
  /** Rate limit of one user's changes: people make few, programs that ask everybody make many. */
  readonly #changes: RateLimiter;

  constructor(
    private readonly repository: FriendsRepository,
    private readonly personalFeeds: PersonalFeedPublisher,
    private readonly users: UsersService,
    rateLimits: RateLimits,
  ) {
    this.#changes = rateLimits.perMinute('people-changes', limits.peopleChangesPerMinute);
  }

  /**
   * Requests a friendship, by id or by exact username. Throws not_found, not_accepting, limit_reached, rate_limited.
   */
  async request(
    actor: Actor,
    { userId, username, note }: RequestPayload<'friend:request'>,
  ): Promise<{ friend: Friend; user: User }> {
    await this.#count(actor);
    const [user] =
      username === undefined ? await this.users.find([userId!]) : [await this.users.findByUsername(username)];
    if (!user) throw new DomainError('not_found');
    return { friend: await this.changeFriend(actor, user.id, 'request', note), user };
  }

  async change(
    actor: Actor,
    userId: string,
    verb: 'accept' | 'decline' | 'withdraw' | 'remove',
  ): Promise<{ friend: Friend }> {
    await this.#count(actor);
    return { friend: await this.changeFriend(actor, userId, verb) };
  }

  async setLevel(actor: Actor, userId: string, level: Block['level']): Promise<{ block: Block }> {
    await this.#count(actor);
    return { block: await this.changeBlock(actor, userId, level) };
  }

  /** Changes one friendship. Idempotent. Throws not_found, not_accepting, limit_reached. */
  async changeFriend(actor: Actor, otherId: string, verb: FriendVerb, note?: string): Promise<Friend> {
    if (otherId === actor.userId) throw new DomainError('invalid', { fields: { userId: 'must not be your own id' } });
    const rows = await this.repository.changeFriend(actor.userId, otherId, verb, note);
    await publishRelation(this.personalFeeds, this.users, rows, [actor.userId, otherId]);
    return toFriend(writtenState<FriendRow>(rows, actor.userId, 'friend'));
  }

  /** Blocks or mutes a user, or ends either. Idempotent. Throws not_found, limit_reached. */
  async changeBlock(actor: Actor, otherId: string, level: Block['level']): Promise<Block> {
    const rows = await this.repository.changeBlock(actor.userId, otherId, level);
    await publishRelation(this.personalFeeds, this.users, rows, [actor.userId, otherId]);
    return toBlock(writtenState<BlockRow>(rows, actor.userId, 'block'));
  }

  /** Returns `limit` friends and requests after a cursor, in the order of the other user's id. */
  async list(
    actor: Actor,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: { friend: Friend; user: User }[]; nextCursor?: string }> {
    const rows = await this.repository.listFriends(actor.userId, cursor, limit + 1);
    const page = rows.slice(0, limit);
    const items = renderRows(
      {
        kind: 'friend',
        keyOf: ({ other_id: id }) => `${actor.userId} ${id}`,
        render: (row) => ({ friend: toFriend(row), user: toUser(row.user) }),
      },
      page,
    );
    return { items, ...(rows.length > limit && { nextCursor: page.at(-1)!.other_id }) };
  }

  /**
   * Returns the same as `profile`, also to a user who is blocked by the other one: a taken name without a profile would
   * reveal the block. Throws not_found.
   */
  async findByUsername(actor: Actor, username: string): Promise<Profile> {
    const user = await this.users.findByUsername(username);
    if (!user) throw new DomainError('not_found');
    return this.#toProfile(actor, user);
  }

  /**
   * Returns the profile of a user, also of one who has blocked the actor: an empty card would reveal the block. Throws
   * not_found.
   */
  async profile(actor: Actor, userId: string): Promise<Profile> {
    const [user] = await this.users.find([userId]);
    if (!user) throw new DomainError('not_found');
    return this.#toProfile(actor, user);
  }

  async #toProfile(actor: Actor, user: User): Promise<Profile> {
    const [history, mayMessage] = await Promise.all([
      this.users.history(user.id),
      this.repository.mayMessage(actor.userId, user.id),
    ]);
    return { user, ...history, mayMessage };
  }

  async #count(actor: Actor): Promise<void> {
    await this.#changes.consume(actor.userId);
  }
}
