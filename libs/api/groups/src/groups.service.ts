import { UsersService } from '@cloudhop/api/auth';
import {
  ConversationsService,
  MembershipPublisher,
  type WrittenMember,
  accepted,
  toMember,
} from '@cloudhop/api/conversations';
import { type Actor, DomainError } from '@cloudhop/api/platform';
import type { AvatarColor, Conversation, Member, User } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type GroupVerb, GroupsRepository, type NewGroup } from './groups.repository';

/**
 * Groups and their members. Every change is decided and written under the conversation's lock, and published in the feeds
 * of the conversation and of the member.
 */
@Injectable()
export class GroupsService {
  constructor(
    private readonly repository: GroupsRepository,
    private readonly publisher: MembershipPublisher,
    private readonly conversations: ConversationsService,
    private readonly users: UsersService,
  ) {}

  /** Creates a group under an id that its creator chose. Idempotent. Throws not_found, not_accepting, limit_reached, id_taken. */
  async create(actor: Actor, group: NewGroup): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = accepted(await this.repository.create(actor.userId, group));
    await this.publisher.publish(group.id, rows, [actor.userId]);
    return {
      conversation: await this.conversations.get(actor, group.id),
      isNew: rows.some(({ is_written }) => is_written),
    };
  }

  /** Changes one membership. Idempotent. Throws not_found, forbidden, not_accepting, limit_reached. */
  async change(
    actor: Actor,
    conversationId: string,
    userId: string,
    verb: GroupVerb,
  ): Promise<{ member: Member; isNew: boolean }> {
    const rows = await this.#change(conversationId, actor.userId, userId, verb);
    const row = rows.find((each) => each.user_id === userId);
    if (!row?.membership) throw new DomainError('not_found');
    return { member: toMember(row.membership), isNew: row.is_written };
  }

  /** Accepts an invitation. */
  async join(actor: Actor, conversationId: string): Promise<Conversation> {
    await this.change(actor, conversationId, actor.userId, 'join');
    return this.conversations.get(actor, conversationId);
  }

  /** Ends the membership of a deleted user, in the name of the server. */
  async end(conversationId: string, userId: string): Promise<void> {
    await this.#change(conversationId, undefined, userId, 'leave');
  }

  /** Changes title or color. Throws not_found, forbidden unless the actor is the owner. */
  async changeSettings(
    actor: Actor,
    conversationId: string,
    change: { title?: string | undefined; color?: AvatarColor | undefined },
  ): Promise<Conversation> {
    const { code, rev } = await this.repository.changeSettings(conversationId, actor.userId, change);
    if (code !== null) throw new DomainError(code);
    return this.conversations.publishSettings(actor, conversationId, rev);
  }

  /** Returns the members and invited users of a group. Throws not_found unless the actor is a member. */
  async list(actor: Actor, conversationId: string): Promise<{ items: Member[]; users: User[] }> {
    const { kind } = await this.conversations.get(actor, conversationId);
    if (kind !== 'group') throw new DomainError('not_found');
    const items = await this.conversations.members(conversationId);
    return { items, users: await this.users.find(items.map(({ userId }) => userId)) };
  }

  async #change(
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    verb: GroupVerb,
  ): Promise<WrittenMember[]> {
    const rows = accepted(await this.repository.change(conversationId, actorId, userId, verb));
    await this.publisher.publish(conversationId, rows, actorId === undefined ? [] : [actorId]);
    return rows;
  }
}
