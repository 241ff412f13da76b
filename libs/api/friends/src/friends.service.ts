import { Users } from '@cloudhop/api/auth';
import { Relations } from '@cloudhop/api/conversations';
import { type Actor, DomainError, limits, rateLimited } from '@cloudhop/api/platform';
import type { Block, Friend, Profile, RequestPayload, User } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const minuteS = 60;

/** People: how they are found, and how they become friends or keep apart. */
@Injectable()
export class FriendsService {
  /** Changes of one user: a person makes a few, a program that asks everybody many. */
  readonly #changes = new RateLimiterMemory({ points: limits.peopleChangesPerMinute, duration: minuteS });

  constructor(
    @Inject(Users) private readonly users: Users,
    @Inject(Relations) private readonly relations: Relations,
  ) {}

  /** Asks by id or by exact username. Throws not_found, not_accepting, limit_reached, rate_limited. */
  async request(
    actor: Actor,
    { userId, username, note }: RequestPayload<'friend:request'>,
  ): Promise<{ friend: Friend; user: User }> {
    await this.#count(actor);
    const [user] =
      username === undefined ? await this.users.find([userId!]) : [await this.users.findByUsername(username)];
    if (!user) throw new DomainError('not_found');
    return { friend: await this.relations.changeFriend(actor, user.id, 'request', note), user };
  }

  async change(
    actor: Actor,
    userId: string,
    verb: 'accept' | 'decline' | 'withdraw' | 'remove',
  ): Promise<{ friend: Friend }> {
    await this.#count(actor);
    return { friend: await this.relations.changeFriend(actor, userId, verb) };
  }

  async setLevel(actor: Actor, userId: string, level: Block['level']): Promise<{ block: Block }> {
    await this.#count(actor);
    return { block: await this.relations.changeBlock(actor, userId, level) };
  }

  list(
    actor: Actor,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: { friend: Friend; user: User }[]; nextCursor?: string }> {
    return this.relations.listFriends(actor, cursor, limit);
  }

  /**
   * Returns the same as `profile`, also to somebody whom the user has blocked: a taken name that isn't found would tell
   * them. Throws not_found.
   */
  async findByUsername(actor: Actor, username: string): Promise<Profile> {
    const user = await this.users.findByUsername(username);
    if (!user) throw new DomainError('not_found');
    return this.#toProfile(actor, user);
  }

  /**
   * Who is seen anywhere has a profile, also for whom they blocked: a card that is empty would tell of the block. Throws
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
      this.relations.mayMessage(actor, user.id),
    ]);
    return { user, ...history, mayMessage };
  }

  async #count(actor: Actor): Promise<void> {
    await rateLimited(this.#changes, actor.userId);
  }
}
