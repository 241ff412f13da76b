import {
  type BlockRow,
  type FriendRow,
  type MembershipRow,
  PersonalFeedPublisher,
  type SettingsRow,
  type PersonalFeedRow,
  Users,
  toBlock,
  toFriend,
  toMembership,
  toPersonalSettings,
  toUser,
} from '@cloudhop/api/auth';
import { type Actor, DomainError, renderRows } from '@cloudhop/api/platform';
import {
  type Block,
  type Conversation,
  type Friend,
  type Membership,
  type PersonalSettings,
  type User,
  defaultSettings,
} from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ConversationsRepository } from './conversations.repository';
import { requireReader } from './conversations.service';
import { type FriendVerb, type Mark, PersonalRepository } from './personal.repository';
import { toConversation } from './rows';

/**
 * How people stand to each other, as far as the commit asks: friends, blocks, who may message whom, and their direct
 * conversations. Each change is decided and written in one function of the database.
 */
@Injectable()
export class Relations {
  constructor(
    @Inject(PersonalRepository) private readonly personal: PersonalRepository,
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
    @Inject(PersonalFeedPublisher) private readonly personalFeeds: PersonalFeedPublisher,
    @Inject(Users) private readonly users: Users,
  ) {}

  /** Throws not_found, not_accepting, limit_reached; again is as once. */
  async changeFriend(actor: Actor, otherId: string, verb: FriendVerb, note?: string): Promise<Friend> {
    if (otherId === actor.userId) throw new DomainError('invalid', { fields: { userId: 'is you' } });
    const rows = await this.personal.changeFriend(actor.userId, otherId, verb, note);
    await this.#tell(rows, [actor.userId, otherId]);
    return toFriend(rowOf<FriendRow>(rows, actor, 'friend'));
  }

  /** Throws not_found, limit_reached. */
  async changeBlock(actor: Actor, otherId: string, level: Block['level']): Promise<Block> {
    const rows = await this.personal.changeBlock(actor.userId, otherId, level);
    await this.#tell(rows, [actor.userId, otherId]);
    return toBlock(rowOf<BlockRow>(rows, actor, 'block'));
  }

  /** Friends and requests by the other one's id, `limit` of them after a cursor. */
  async listFriends(
    actor: Actor,
    after: string | undefined,
    limit: number,
  ): Promise<{ items: { friend: Friend; user: User }[]; nextCursor?: string }> {
    const rows = await this.personal.listFriends(actor.userId, after, limit + 1);
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

  /** Returns the ids of all users whom a block of either side keeps apart from the actor. */
  apartFrom(actor: Actor): Promise<ReadonlySet<string>> {
    return this.personal.apartFrom(actor.userId);
  }

  /** Returns the ids without those whom a block of either side keeps apart from the actor: lists leave them out. */
  async visibleIds(actor: Actor, ids: readonly string[]): Promise<string[]> {
    const apart = await this.personal.apart(actor.userId, ids);
    return ids.filter((id) => !apart.has(id));
  }

  mayMessage(actor: Actor, otherId: string): Promise<boolean> {
    return this.personal.mayMessage(actor.userId, otherId);
  }

  /** The one direct conversation of the two. Throws not_found, not_accepting, person_gone where there is none yet. */
  async openDirect(actor: Actor, otherId: string): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = await this.personal.openDirect(actor.userId, otherId, uuidv7());
    await this.#tell(rows, [actor.userId, otherId]);
    const { id, is_new: isNew } = rows.find(({ kind }) => kind === 'opened')!.data as { id: string; is_new: boolean };
    const row = requireReader(await this.conversations.find(id, actor.userId));
    return { conversation: toConversation(row), isNew };
  }

  /** Pins, puts away, or deletes for the actor alone. Throws not_found, limit_reached. */
  async mark(actor: Actor, conversationId: string, mark: Mark): Promise<Membership> {
    const rows = await this.personal.mark(actor.userId, conversationId, mark);
    this.personalFeeds.publish(rows);
    return toMembership(rowOf<MembershipRow>(rows, actor, 'membership'));
  }

  async settings(actor: Actor): Promise<PersonalSettings> {
    const row = await this.personal.settings(actor.userId);
    return row ? toPersonalSettings(row) : defaultSettings;
  }

  async changeSettings(actor: Actor, change: Partial<PersonalSettings>): Promise<PersonalSettings> {
    const rows = await this.personal.changeSettings(actor.userId, change);
    this.personalFeeds.publish(rows);
    return toPersonalSettings(rowOf<SettingsRow>(rows, actor, 'settings'));
  }

  async #tell(rows: readonly PersonalFeedRow[], userIds: readonly string[]): Promise<void> {
    const isWritten = rows.some(({ rev }) => rev !== null);
    this.personalFeeds.publish(rows, isWritten ? await this.users.find(userIds) : []);
  }
}

/** What a function wrote, or found, for the one who acts. */
function rowOf<T>(rows: readonly PersonalFeedRow[], { userId }: Actor, kind: string): T {
  const row = rows.find((each) => each.user_id === userId && (each.kind === kind || each.kind === 'exists'));
  if (!row) throw new Error(`no ${kind} was told`);
  return row.data as T;
}
