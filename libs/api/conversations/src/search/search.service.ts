import { Users } from '@cloudhop/api/auth';
import { type Actor, DomainError, limits } from '@cloudhop/api/core';
import { type Message, type RouteQuery, type SearchPage, roomNameKey, usernameKey, folded } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ConversationsRepository } from '../conversations.repository';
import { requireReader } from '../conversations.service';
import { toMessage } from '../rows';
import { excerptOf } from './search-excerpt';
import { type SearchQuery, isMatch, parseQuery } from './search-query';
import { type SearchRange, type SearchableRow, SearchRepository } from './search.repository';
import { authorTerm, conversationTerm, hasLink, markTerm, queryTerms } from './search-terms';

/** Messages of one block of the index, as search_write_v1 makes them. */
const blockBits = 12;
/** Beyond so many, naming them costs more than it saves. */
const mostKeys = 200;
const mostBlocks = 64;
/** The first step looks at so many blocks, each next one at so many times more. */
const growth = 8;
/** How far apart the order of the index and that of the clock may be. */
const slack = 1 << blockBits;

/** Finds messages in all that somebody may read. */
@Injectable()
export class Search {
  constructor(
    @Inject(SearchRepository) private readonly repository: SearchRepository,
    @Inject(ConversationsRepository) private readonly conversations: ConversationsRepository,
    @Inject(Users) private readonly users: Users,
  ) {}

  /** Throws invalid for a query that says nothing, not_found for a conversation that the actor may not read. */
  async find(actor: Actor, { q, conversationId, cursor, limit }: RouteQuery<'messages.search'>): Promise<SearchPage> {
    if (conversationId !== undefined) requireReader(await this.conversations.find(conversationId, actor.userId));
    const query = parseQuery(q);
    const readable = await this.repository.readable(actor.userId);
    const within = readable.filter(
      (row) =>
        (conversationId === undefined || row.id === conversationId) &&
        (query.in.length === 0 || query.in.some((name) => isNamed(row, name))),
    );
    const authors = await this.#authors(actor, query);
    if (within.length === 0 || authors === undefined) return { items: [], users: [] };
    const bounds = await this.repository.bounds(query.after, query.before);
    const range: SearchRange = {
      userId: actor.userId,
      conversationIds: within.map(({ id }) => id),
      keys: within.length <= mostKeys ? within.map(({ id }) => conversationTerm(id)) : undefined,
      terms: [
        ...queryTerms(query.tokens),
        // Of several any may have said it: they are told apart afterwards.
        ...(authors.length === 1 ? authors.map(authorTerm) : []),
        ...query.has.map(markTerm),
      ],
      blocks: undefined,
      from: query.after ? Math.max(0, bounds.from - slack) : 0,
      to: Math.min(bounds.to + (query.before ? slack : 0), readCursor(cursor) ?? Infinity, Number.MAX_SAFE_INTEGER),
      since: query.after,
      until: query.before,
      limit: limits.searchStep,
    };
    const { found, nextCursor } = await this.#collect(range, (message) => isHit(message, query, authors), limit);
    return {
      items: found.map((message) => ({ message, excerpt: excerptOf(message.body, query) })),
      users: await this.users.find([...new Set(found.map(({ authorId }) => authorId))]),
      ...(nextCursor !== undefined && { nextCursor: String(nextCursor) }),
    };
  }

  /** Whom all of `from:` can mean; undefined where nobody is called so. */
  async #authors(actor: Actor, { from }: SearchQuery): Promise<string[] | undefined> {
    const authors = new Set<string>();
    for (const name of from) {
      const plain = name.replace(/^[@#]/, '');
      const ids =
        plain.toLowerCase() === 'me'
          ? [actor.userId]
          : await this.repository.usersNamed(usernameKey(plain), plain.toLowerCase());
      if (ids.length === 0) return undefined;
      for (const id of ids) authors.add(id);
    }
    return [...authors];
  }

  /** Newest first, in steps that grow: what is frequent is found in the newest blocks, what is rare costs little anywhere. */
  async #collect(
    range: SearchRange,
    isWanted: (message: Message) => boolean,
    limit: number,
  ): Promise<{ found: Message[]; nextCursor?: number }> {
    const found: Message[] = [];
    let { to } = range;
    let blocks = 1;
    for (let step = 0; step < limits.searchSteps; step++) {
      const from = blocks > mostBlocks ? range.from : Math.max(range.from, to - (blocks << blockBits));
      const rows = await this.repository.candidates({ ...range, from, to, blocks: blocksBetween(from, to) });
      for (const { ord, message: row } of rows) {
        const message = row === null ? undefined : toMessage(row);
        if (!message || !isWanted(message)) continue;
        // One more than the page holds: the next one begins with it.
        if (found.length === limit) return { found, nextCursor: ord + 1 };
        found.push(message);
      }
      const isWhole = rows.length < range.limit;
      to = isWhole ? from : rows.at(-1)!.ord;
      if (isWhole && from <= range.from) return { found };
      if (isWhole) blocks *= growth;
    }
    return { found, nextCursor: to };
  }
}

/** The terms of the blocks in which a range lies, newest first; undefined where there are too many. */
function blocksBetween(from: number, to: number): number[] | undefined {
  const first = Math.floor(from / slack);
  const last = Math.floor(Math.max(from, to - 1) / slack);
  if (last - first > mostBlocks) return undefined;
  return Array.from({ length: last - first + 1 }, (_, i) => -1 - (first + i));
}

function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const ord = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor))
    throw new DomainError('invalid', { fields: { cursor: 'must be one that a page answered' } });
  return ord;
}

function isNamed({ kind, title, slug, peer }: SearchableRow, name: string): boolean {
  if (name.startsWith('@')) return kind === 'direct' && peer === usernameKey(name.slice(1));
  const key = roomNameKey(name.replace(/^#/, ''));
  if (kind === 'lobby') return key === 'lobby';
  return slug === key || (title !== null && roomNameKey(title) === key);
}

function isHit(message: Message, query: SearchQuery, authors: readonly string[]): boolean {
  if (query.from.length > 0 && !authors.includes(message.authorId)) return false;
  if (query.has.includes('pin') && message.pinnedAt === undefined) return false;
  if (query.has.includes('link') && !hasLink(message.body)) return false;
  return isMatch(folded(message.body), query);
}
