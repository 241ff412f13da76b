import { toUser } from '@cloudhop/api/auth';
import { type Actor, DomainError, limits } from '@cloudhop/api/platform';
import { type Message, type RouteQuery, type SearchPage, roomNameKey, usernameKey, folded } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { ConversationsRepository } from '../conversations.repository';
import { requireReader } from '../conversations.service';
import { toMessageOrTombstone } from '../rows';
import { excerptOf } from './search-excerpt';
import { type SearchQuery, isMatch, parseQuery } from './search-query';
import {
  type Candidate,
  type LiveRow,
  type SearchRange,
  type SearchTerms,
  type SearchableRow,
  SearchRepository,
} from './search.repository';
import { authorTerm, conversationTerm, hasLink, markTerm, queryTerms } from './search-terms';

/** Maximum number of conversations that a query names; beyond it, naming them costs more than it saves. */
const maxKeys = 200;
/** Maximum difference between the order of the index and that of the clock. */
const slack = 4_096;

interface Hit {
  message: Message;
  author: LiveRow['author'];
}

/** Search of messages in all conversations that a user may read. */
@Injectable()
export class SearchService {
  constructor(
    private readonly repository: SearchRepository,
    private readonly conversations: ConversationsRepository,
  ) {}

  /** Finds messages. Throws invalid for an empty query, not_found for a conversation that the actor may not read. */
  async find(actor: Actor, { q, conversationId, cursor, limit }: RouteQuery<'messages.search'>): Promise<SearchPage> {
    if (conversationId !== undefined) requireReader(await this.conversations.find(conversationId, actor.userId));
    const query = parseQuery(q);
    const { places: readable, ...bounds } = await this.repository.places(actor.userId, query.after, query.before);
    const places = readable.filter(
      (row) =>
        (conversationId === undefined || row.id === conversationId) &&
        (query.in.length === 0 || query.in.some((name) => isNamed(row, name))),
    );
    const authors = await this.#authors(actor, query);
    if (places.length === 0 || authors === undefined) return { items: [], users: [] };
    const within = {
      keys: places.length <= maxKeys ? places.map(({ id }) => conversationTerm(id)) : undefined,
      terms: [
        ...queryTerms(query.tokens),
        // Several authors are filtered afterwards.
        ...(authors.length === 1 ? authors.map(authorTerm) : []),
        ...query.has.map(markTerm),
      ],
    };
    const range = {
      from: query.after ? Math.max(0, bounds.from - slack) : 0,
      to: Math.min(bounds.to + (query.before ? slack : 0), readCursor(cursor) ?? Infinity),
    };
    const ids = new Set(places.map(({ id }) => id));
    const isWanted = (message: Message) => ids.has(message.conversationId) && isHit(message, query, authors);
    const live = (candidates: readonly Candidate[]) =>
      this.repository.live(actor.userId, candidates, query.after, query.before);
    const { found, nextCursor } = await this.#collect(within, range, live, isWanted, limit);
    const users = new Map(found.flatMap(({ author }) => (author ? [[author.id, toUser(author)] as const] : [])));
    return {
      items: found.map(({ message }) => ({ message, excerpt: excerptOf(message.body, query) })),
      users: [...users.values()],
      ...(nextCursor !== undefined && { nextCursor: String(nextCursor) }),
    };
  }

  /** Returns the ids of the users whom the `from:` operators name; undefined if one of them names nobody. */
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

  /** Collects hits, the newest first. Searches further down while candidates are not hits. */
  async #collect(
    within: SearchTerms,
    { from, to }: SearchRange,
    live: (candidates: readonly Candidate[]) => Promise<ReadonlyMap<Candidate, LiveRow>>,
    isWanted: (message: Message) => boolean,
    limit: number,
  ): Promise<{ found: Hit[]; nextCursor?: number }> {
    const found: Hit[] = [];
    const size = Math.min(limits.searchStep, limit + 1);
    let reached = to;
    for (let step = 0; step < limits.searchSteps && reached > from; step++) {
      const looked = await this.repository.candidates(within, { from, to: reached }, size);
      const rows = await live(looked.candidates);
      for (const candidate of looked.candidates) {
        const row = rows.get(candidate);
        const message = row && toMessageOrTombstone(row.message);
        if (!message || !isWanted(message)) continue;
        // One more than the page holds: the next one begins with it.
        if (found.length === limit) return { found, nextCursor: candidate.ord + 1 };
        found.push({ message, author: row.author });
      }
      ({ reached } = looked);
    }
    return { found, ...(reached > from && { nextCursor: reached }) };
  }
}

function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const ord = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor))
    throw new DomainError('invalid', { fields: { cursor: 'must be a cursor from a previous page' } });
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
