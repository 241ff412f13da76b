import { Users, boundedTime } from '@cloudhop/api/auth';
import { type Actor, DomainError } from '@cloudhop/api/core';
import { type RouteReply, authorsOf, limits as wire } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository, type ReadableRow } from './conversations.repository';
import { requireReader } from './conversations.service';
import { MessageDetailsRepository } from './message-details.repository';
import { aboveFloor, floorOf, toMessages, toUsers } from './rows';

/** What of messages is read only when somebody asks for it: pins, former texts, who reacted, and what was said on a day. */
@Injectable()
export class MessageDetails {
  constructor(
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
    @Inject(MessageDetailsRepository) private readonly repository: MessageDetailsRepository,
    @Inject(Users) private readonly users: Users,
  ) {}

  /** What is pinned, the latest pin first. */
  async pinned(actor: Actor, conversationId: string): Promise<RouteReply<'messages.pinned'>> {
    const row = await this.#require(actor, conversationId);
    const floorSeq = floorOf(row);
    const items = toMessages(await this.repository.pinned(conversationId, floorSeq)).map((pin) =>
      aboveFloor(pin, floorSeq),
    );
    return { items, users: await this.users.find([...new Set(items.flatMap(authorsOf))]) };
  }

  /** What a message said, the latest first. Throws forbidden for whoever is neither its author nor a moderator. */
  async edits(actor: Actor, conversationId: string, id: string): Promise<RouteReply<'messages.edits'>> {
    const reader = await this.#require(actor, conversationId);
    const row = await this.repository.edits(conversationId, id, actor.userId);
    if (row === undefined || row.seq <= floorOf(reader)) throw new DomainError('not_found');
    if (!row.is_allowed) throw new DomainError('forbidden');
    return {
      items: row.items!.map((item) => ({ ...item, at: boundedTime(item.at) })),
      users: toUsers(row.users!),
    };
  }

  /** Who reacted, the latest first. */
  async reactions(
    actor: Actor,
    {
      conversationId,
      id,
      emoji,
      cursor,
    }: { conversationId: string; id: string; emoji?: string | undefined; cursor?: string | undefined },
  ): Promise<RouteReply<'messages.reactions'>> {
    const reader = await this.#require(actor, conversationId);
    if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor))
      throw new DomainError('invalid', { fields: { cursor: 'must be one that a page answered' } });
    const limit = wire.presencePage;
    const rev = cursor === undefined ? undefined : Number(cursor);
    const rows = await this.repository.reactions(conversationId, id, { emoji, rev, limit });
    if (rows.length === 0 || rows[0]!.seq <= floorOf(reader)) throw new DomainError('not_found');
    const found = rows.flatMap(({ user_id: userId, ...row }) => (userId === null ? [] : [{ userId, ...row }]));
    const page = found.slice(0, limit);
    return {
      items: page.map(({ userId, emoji }) => ({ userId, emoji })),
      users: await this.users.find([...new Set(page.map(({ userId }) => userId))]),
      ...(found.length > limit && { nextCursor: String(page.at(-1)!.rev) }),
    };
  }

  /** The first message said at a time or later, else the latest one. */
  async seek(actor: Actor, conversationId: string, at: string): Promise<RouteReply<'messages.seek'>> {
    const row = await this.#require(actor, conversationId);
    const time = new Date(at);
    if (Number.isNaN(time.getTime())) throw new DomainError('invalid', { fields: { at: 'must be a time' } });
    // Nothing was said before clocks began.
    const from = new Date(Math.max(0, time.getTime())).toISOString();
    const seq = await this.repository.seek(conversationId, from, floorOf(row));
    return seq === null ? {} : { seq };
  }

  async #require(actor: Actor, conversationId: string): Promise<ReadableRow> {
    return requireReader(await this.conversations.find(conversationId, actor.userId));
  }
}
