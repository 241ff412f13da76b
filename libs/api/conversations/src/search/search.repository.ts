import type { UserRow } from '@cloudhop/api/auth';
import { Database, selectList } from '@cloudhop/api/database';
import type { ConversationKind } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { conversationsRowShapes } from '../row-shapes';
import type { MessageRow } from '../rows';

/** A conversation that the user may read, with its names for a search. */
export interface SearchableRow {
  id: string;
  kind: ConversationKind;
  title: string | null;
  slug: string | null;
  /** Username of the peer of a direct conversation. */
  peer: string | null;
}

/** Terms of candidates. */
export interface SearchTerms {
  /** Terms of conversations, of which a candidate has one; undefined if there are too many. */
  keys: readonly number[] | undefined;
  /** Terms that a candidate has all of. */
  terms: readonly number[];
}

/** A stretch of the index; `to` is exclusive. */
export interface SearchRange {
  from: number;
  to: number;
}

/** A row of search_v1. */
export interface Candidate {
  ord: number;
  conversation_id: string;
  seq: number;
}

/** A row of search_live_v1: a message that the user may read, with its author. */
export interface LiveRow {
  /** Index of the candidate, from 1. */
  n: number;
  message: MessageRow;
  author: UserRow | null;
}

export interface PendingMessage {
  seq: number;
  id: string;
  author_id: string;
  at: string;
  body: string;
  is_deleted: boolean;
  is_pinned: boolean;
  has_preview: boolean;
}

/** A row of search_pending_v2: the part of a conversation that is not indexed. */
export interface PendingRow {
  conversation_id: string;
  from_rev: number;
  to_rev: number;
  has_more: boolean;
  messages: PendingMessage[];
}

/** Index entries of one conversation. */
export interface IndexWrite {
  c: string;
  /** Indexed range of revs: from, exclusive, and to. */
  f: number;
  t: number;
  rows: { s: number; at: string; k: number[] }[];
  gone: number[];
  /** Links that need a preview: seq of the message, its author, the address, and the hash of the text. */
  links: { s: number; id: string; u: string; url: string; h: string }[];
}

const candidateColumns = selectList(conversationsRowShapes.search_v1);
const liveColumns = selectList(conversationsRowShapes.search_live_v1);
const pendingColumns = selectList(conversationsRowShapes.search_pending_v2);

/** Search index of messages. */
@Injectable()
export class SearchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Returns the conversations that a user may read, the end of the index, and the approximate position of a time in it.
   */
  async places(
    userId: string,
    since: Date | undefined,
    until: Date | undefined,
  ): Promise<{ places: SearchableRow[]; from: number; to: number }> {
    const [row] = await this.database.prepared<{ places: SearchableRow[]; from: number; to: number }>(
      'search_places',
      `select (select coalesce(json_agg(p), '[]') from (
           select c.id, c.kind, c.title, c.slug, u.username_key as peer from conversations c
           left join memberships m on m.conversation_id = c.id and m.user_id = $1
           left join users u on u.id = case when c.direct_low = $1 then c.direct_high else c.direct_low end
           where (c.kind = 'lobby' and m.state is distinct from 'banned')
             or c.id in (select j.conversation_id from memberships j where j.user_id = $1 and j.state = 'joined')) p) as places,
         case when $2::timestamptz is null then 0 else search_ord_at_v1($2) end as from,
         case when $3::timestamptz is null then (select coalesce(max(t.ord), 0) + 1 from message_terms t) else search_ord_at_v1($3) end as to`,
      [userId, since ?? null, until ?? null],
    );
    return row!;
  }

  /** Returns the ids of users with this username or tag. */
  async usersNamed(usernameKey: string, tag: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select u.id from users u where u.username_key = $1 or u.tag = $2',
      [usernameKey, tag],
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the newest candidates of a range, and the position down to which it was searched. */
  async candidates(
    { keys, terms }: SearchTerms,
    { from, to }: SearchRange,
    limit: number,
  ): Promise<{ candidates: Candidate[]; reached: number }> {
    const rows = await this.database.prepared<Candidate>(
      'search',
      `select ${candidateColumns} from search_v1($1, $2, $3, $4, $5)`,
      [keys ?? null, terms, from, to, limit],
    );
    const { ord: reached } = rows.pop()!;
    return { candidates: rows, reached };
  }

  /** Returns candidates as messages, in their order, without deleted ones and those that the user may not read. */
  async live(
    userId: string,
    candidates: readonly Candidate[],
    since: Date | undefined,
    until: Date | undefined,
  ): Promise<Map<Candidate, LiveRow>> {
    if (candidates.length === 0) return new Map();
    const rows = await this.database.prepared<LiveRow>(
      'search_live',
      `select ${liveColumns} from search_live_v1($1, $2, $3, $4, $5)`,
      [
        userId,
        candidates.map(({ conversation_id }) => conversation_id),
        candidates.map(({ seq }) => seq),
        since ?? null,
        until ?? null,
      ],
    );
    return new Map(rows.map((row) => [candidates[row.n - 1]!, row]));
  }

  pending(conversationIds: readonly string[], limit: number): Promise<PendingRow[]> {
    return this.database.prepared<PendingRow>(
      'search_pending',
      `select ${pendingColumns} from search_pending_v2($1, $2)`,
      [conversationIds, limit],
    );
  }

  /** Returns conversations with something to index, but for those in `except`. */
  async behind(except: readonly string[], limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select h.conversation_id as id from conversation_heads h join conversations k on k.id = h.conversation_id and k.kind <> 'match'
       left join search_cursors c on c.conversation_id = h.conversation_id where h.rev > coalesce(c.rev, 0)
         and h.conversation_id <> all ($1::uuid[]) limit $2`,
      [except, limit],
    );
    return rows.map(({ id }) => id);
  }

  async write(batch: readonly IndexWrite[]): Promise<void> {
    await this.database.retrying(() =>
      this.database.prepared('search_write', 'select search_write_v2($1::json)', [JSON.stringify(batch)]),
    );
  }
}
