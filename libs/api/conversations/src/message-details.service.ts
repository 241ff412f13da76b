import { UsersService, toUsers } from '@cloudhop/api/auth';
import { boundedTime } from '@cloudhop/api/database';
import { type Actor, DomainError, limits } from '@cloudhop/api/platform';
import { type Message, type RouteReply, authorsOf, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { firstWithin, messageBytes } from './answer-bytes';
import { ConversationsRepository, type ReadableRow } from './conversations.repository';
import { requireReader } from './conversations.service';
import { MessageDetailsRepository } from './message-details.repository';
import { aboveFloor, floorOf, toMessages } from './rows';

/** Details of messages that are read on request: pins, former texts, reactions, and messages of a day. */
@Injectable()
export class MessageDetailsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly repository: MessageDetailsRepository,
    private readonly users: UsersService,
  ) {}

  /** Returns pinned messages, the latest pin first, in pages of limits.detailsBytes. */
  async pinned(actor: Actor, conversationId: string, cursor?: string): Promise<RouteReply<'messages.pinned'>> {
    const after = cursor === undefined ? undefined : toPinCursor(cursor);
    const row = await this.#require(actor, conversationId);
    const floorSeq = floorOf(row);
    const pins = toMessages(await this.repository.pinned(conversationId, floorSeq))
      // A pin that can't be rendered stands as a deleted message, which is none.
      .filter(({ pinnedAt }) => pinnedAt !== undefined)
      .map((pin) => aboveFloor(pin, floorSeq))
      .toSorted(byPin);
    const rest = after === undefined ? pins : pins.filter((pin) => byPin(after, pin) < 0);
    const items = firstWithin(rest, messageBytes, limits.detailsBytes);
    const users = await this.users.find([...new Set(items.flatMap(authorsOf))]);
    const last = items.at(-1);
    return { items, users, ...(last && items.length < rest.length && { nextCursor: `${last.pinnedAt}_${last.seq}` }) };
  }

  /**
   * Returns the former texts of a message, the latest first, in pages of limits.detailsBytes. Throws forbidden unless
   * the actor is its author or a moderator.
   */
  async edits(
    actor: Actor,
    conversationId: string,
    id: string,
    cursor?: string,
  ): Promise<RouteReply<'messages.edits'>> {
    const reader = await this.#require(actor, conversationId);
    const row = await this.repository.edits(conversationId, id, actor.userId);
    if (row === undefined || row.seq <= floorOf(reader)) throw new DomainError('not_found');
    if (!row.is_allowed) throw new DomainError('forbidden');
    const texts = row.items!;
    // Counted from the oldest text, so that an edit meanwhile moves no page.
    const remaining = cursor === undefined ? texts.length : Number(cursor);
    if (cursor !== undefined && !(/^[1-9]\d{0,5}$/.test(cursor) && remaining <= texts.length)) throw badCursor();
    const rest = texts.slice(texts.length - remaining);
    const items = firstWithin(rest, ({ body }) => textBytes + Buffer.byteLength(body), limits.detailsBytes);
    const isCut = items.length < rest.length;
    return {
      items: items.map((item) => ({ ...item, at: boundedTime(item.at) })),
      users: toUsers(row.users!),
      ...(isCut && { nextCursor: String(rest.length - items.length) }),
    };
  }

  /** Returns reactions, the latest first. */
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
    if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) throw badCursor();
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

  /** Returns the first message that was sent at a time or later, else the latest one. */
  async seek(actor: Actor, conversationId: string, at: string): Promise<RouteReply<'messages.seek'>> {
    const row = await this.#require(actor, conversationId);
    const time = new Date(at);
    if (Number.isNaN(time.getTime())) throw new DomainError('invalid', { fields: { at: 'must be an ISO 8601 time' } });
    // No message is older than 1970.
    const from = new Date(Math.max(0, time.getTime())).toISOString();
    const seq = await this.repository.seek(conversationId, from, floorOf(row));
    return seq === null ? {} : { seq };
  }

  async #require(actor: Actor, conversationId: string): Promise<ReadableRow> {
    return requireReader(await this.conversations.find(conversationId, actor.userId));
  }
}

/** Approximate bytes of the author and the time of a former text. */
const textBytes = 150;

type PinPlace = Pick<Message, 'pinnedAt' | 'seq'>;

/** Compares pins, the latest first. */
function byPin(a: PinPlace, b: PinPlace): number {
  return Date.parse(b.pinnedAt!) - Date.parse(a.pinnedAt!) || b.seq - a.seq;
}

function toPinCursor(cursor: string): PinPlace {
  const [, pinnedAt, seq] = /^(\d{4}-\d\d-\d\dT[\d:.]{1,12}Z)_(\d{1,15})$/.exec(cursor) ?? [];
  if (pinnedAt === undefined || Number.isNaN(Date.parse(pinnedAt))) throw badCursor();
  return { pinnedAt, seq: Number(seq) };
}

function badCursor(): DomainError {
  return new DomainError('invalid', { fields: { cursor: 'must be a cursor from a previous page' } });
}
