import { type MembershipRow, Users, toMembership } from '@cloudhop/api/auth';
import { type Actor, Database, DomainError, FeedHub, conversationFeed, personalFeed } from '@cloudhop/api/core';
import {
  type AvatarColor,
  type Conversation,
  type ErrorCode,
  type Member,
  type User,
  limits as wire,
} from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from './conversations.repository';
import { requireReader } from './conversations.service';
import { toConversation, toMember, toSettings } from './rows';

export type GroupVerb = 'add' | 'join' | 'leave' | 'remove' | 'hand_over';

/** A row of member_told_v1. */
interface ToldMember {
  /** Why nothing was written; `exists`: it was so already. */
  code: ErrorCode | 'exists' | null;
  is_written: boolean;
  user_id: string;
  rev: number | null;
  feed_rev: number | null;
  membership: MembershipRow | null;
}

/** Who is in a group. Every change is decided and written under the conversation's lock, and told to both feeds. */
@Injectable()
export class GroupMembers {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(Users) private readonly users: Users,
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
  ) {}

  /** Makes a group under an id of the maker's. Throws not_found, not_accepting, limit_reached, id_taken. */
  async create(
    actor: Actor,
    group: { id: string; title: string; color?: AvatarColor | undefined; userIds: readonly string[] },
  ): Promise<{ conversation: Conversation; isNew: boolean }> {
    const rows = await this.#run('group_create_v1($1, $2, $3, $4, $5::uuid[], $6, $7, $8)', [
      actor.userId,
      group.id,
      group.title,
      group.color ?? null,
      group.userIds,
      wire.groupMembers,
      wire.groupsPerDay,
      wire.openInvitations,
    ]);
    await this.#tell(group.id, rows, [actor.userId]);
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
    await this.#change(conversationId, null, userId, 'leave');
  }

  /** Throws not_found, forbidden unless the actor is the owner. */
  async changeSettings(
    actor: Actor,
    conversationId: string,
    { title, color }: { title?: string | undefined; color?: AvatarColor | undefined },
  ): Promise<Conversation> {
    const [row] = await this.database.retrying(() =>
      this.database.query<{ code: ErrorCode | null; rev: number | null }>(
        'select * from group_settings_v1($1, $2, $3, $4)',
        [conversationId, actor.userId, title ?? null, color ?? null],
      ),
    );
    const { code, rev } = row!;
    if (code !== null) throw new DomainError(code);
    const read = requireReader(await this.conversations.find(conversationId, actor.userId));
    if (rev !== null)
      this.feeds.committed({
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
    return { items: rows.map(toMember), users: await this.users.find(rows.map(({ user_id }) => user_id)) };
  }

  async #change(
    conversationId: string,
    actorId: string | null,
    userId: string,
    verb: GroupVerb,
  ): Promise<ToldMember[]> {
    const rows = await this.#run('group_change_v1($1, $2, $3, $4, $5, $6)', [
      conversationId,
      actorId,
      userId,
      verb,
      wire.groupMembers,
      wire.openInvitations,
    ]);
    await this.#tell(conversationId, rows, actorId === null ? [] : [actorId]);
    return rows;
  }

  /** One statement that may be run again. */
  async #run(call: string, parameters: unknown[]): Promise<ToldMember[]> {
    const rows = await this.database.retrying(() =>
      this.database.query<ToldMember>(`select * from ${call}`, parameters),
    );
    const refused = rows.find(({ code }) => code !== null && code !== 'exists');
    if (refused) throw new DomainError(refused.code as ErrorCode);
    return rows;
  }

  async #read(actor: Actor, conversationId: string): Promise<Conversation> {
    return toConversation(requireReader(await this.conversations.find(conversationId, actor.userId)));
  }

  async #tell(conversationId: string, rows: readonly ToldMember[], alsoIds: readonly string[]): Promise<void> {
    const written = rows.filter(({ is_written }) => is_written);
    if (written.length === 0) return;
    const users = await this.users.find([...written.map(({ user_id }) => user_id), ...alsoIds]);
    for (const { user_id: userId, rev, feed_rev: feedRev, membership } of written) {
      this.feeds.committed({
        feed: conversationFeed(conversationId),
        fromRev: rev! - 1,
        toRev: rev!,
        changes: [{ kind: 'member', rev: rev!, member: toMember(membership!) }],
        users,
      });
      this.feeds.committed({
        feed: personalFeed(userId),
        fromRev: feedRev! - 1,
        toRev: feedRev!,
        changes: [{ kind: 'membership', rev: feedRev!, membership: toMembership(membership!) }],
        users,
      });
    }
  }
}
