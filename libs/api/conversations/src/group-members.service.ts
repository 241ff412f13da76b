import { Users } from '@cloudhop/api/auth';
import { type Actor, DomainError } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import type { AvatarColor, Conversation, Member, User } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { requireReader } from './conversations.service';
import { GroupsRepository, type GroupVerb, type NewGroup } from './groups.repository';
import { MembershipPublisher, accepted } from './membership-publisher.service';
import { type ToldMember, toConversation, toMember, toMembers, toSettings } from './rows';

/** Who is in a group. Every change is decided and written under the conversation's lock, and told to both feeds. */
@Injectable()
export class GroupMembers {
  constructor(
    @Inject(GroupsRepository) private readonly repository: GroupsRepository,
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(MembershipPublisher) private readonly publisher: MembershipPublisher,
    @Inject(Users) private readonly users: Users,
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
  ) {}

  /** Makes a group under an id of the maker's. Throws not_found, not_accepting, limit_reached, id_taken. */
  async create(actor: Actor, group: NewGroup): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = accepted(await this.repository.create(actor.userId, group));
    await this.publisher.publish(group.id, rows, [actor.userId]);
    return { conversation: await this.#read(actor, group.id), isNew: rows.some(({ is_written }) => is_written) };
  }

  /** Throws not_found, forbidden, not_accepting, limit_reached. Again is as once. */
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

  /** Takes an invitation. */
  async join(actor: Actor, conversationId: string): Promise<Conversation> {
    await this.change(actor, conversationId, actor.userId, 'join');
    return this.#read(actor, conversationId);
  }

  /** The server's own: somebody who is gone leaves. */
  async end(conversationId: string, userId: string): Promise<void> {
    await this.#change(conversationId, undefined, userId, 'leave');
  }

  /** Throws not_found, forbidden unless the actor is the owner. */
  async changeSettings(
    actor: Actor,
    conversationId: string,
    change: { title?: string | undefined; color?: AvatarColor | undefined },
  ): Promise<Conversation> {
    const { code, rev } = await this.repository.changeSettings(conversationId, actor.userId, change);
    if (code !== null) throw new DomainError(code);
    const read = requireReader(await this.conversations.find(conversationId, actor.userId));
    if (rev !== null)
      this.feeds.publish({
        feed: conversationFeed(conversationId),
        fromRev: rev - 1,
        toRev: rev,
        changes: [{ kind: 'settings', rev, settings: toSettings(read) }],
        users: [],
      });
    return toConversation(read);
  }

  /** Who is in it or invited, for who is in it: else not_found. */
  async list(actor: Actor, conversationId: string): Promise<{ items: Member[]; users: User[] }> {
    const row = requireReader(await this.conversations.find(conversationId, actor.userId));
    if (row.kind !== 'group') throw new DomainError('not_found');
    const rows = await this.conversations.members(conversationId);
    return { items: toMembers(rows), users: await this.users.find(rows.map(({ user_id }) => user_id)) };
  }

  async #change(
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    verb: GroupVerb,
  ): Promise<ToldMember[]> {
    const rows = accepted(await this.repository.change(conversationId, actorId, userId, verb));
    await this.publisher.publish(conversationId, rows, actorId === undefined ? [] : [actorId]);
    return rows;
  }

  async #read(actor: Actor, conversationId: string): Promise<Conversation> {
    return toConversation(requireReader(await this.conversations.find(conversationId, actor.userId)));
  }
}
