import type { UserRow } from '@cloudhop/api/auth';
import { Database, selectList } from '@cloudhop/api/database';
import type { ConversationKind } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { conversationsRowShapes } from '../row-shapes';
import type { MessageRow } from '../rows';

/** A conversation that somebody may read, as far as a search may name it. */
export interface SearchableRow {
  id: string;
  kind: ConversationKind;
  title: string | null;
  slug: string | null;
  /** Of a direct conversation: the other one's username. */
  peer: string | null;
}

/** What a message must have to be a candidate. */
export interface SearchTerms {
  /** Any of these: terms of the conversations, where they are few enough to be named. */
  keys: readonly number[] | undefined;
  /** All of these. */
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

/** A row of search_live_v1: a message that the asker may read, and who wrote it. */
export interface LiveRow {
  /** Which of the candidates, from 1. */
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

/** A row of search_pending_v2: what of a conversation is not indexed yet. */
export interface PendingRow {
  conversation_id: string;
  from_rev: number;
  to_rev: number;
  has_more: boolean;
  messages: PendingMessage[];
}

/** What one conversation's messages were made into. */
export interface IndexWrite {
  c: string;
  /** From which rev, exclusive, to which. */
  f: number;
  t: number;
  rows: { s: number; at: string; k: number[] }[];
  gone: number[];
  /** Links whose pages are to be read: in which message, of whom, where it leads, and the hash of the text around it. */
  links: { s: number; id: string; u: string; url: string; h: string }[];
}

const candidateColumns = selectList(conversationsRowShapes.search_v1);
const liveColumns = selectList(conversationsRowShapes.search_live_v1);
const pendingColumns = selectList(conversationsRowShapes.search_pending_v2);

/** The index by which messages are found. */
@Injectable()
export class SearchRepository {
  constructor(private readonly database: Database) {}

  /** All that a user may read, where the index ends, and about where a time begins in it. */
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

  /** Who has this username or tag. */
  async usersNamed(usernameKey: string, tag: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select u.id from users u where u.username_key = $1 or u.tag = $2',
      [usernameKey, tag],
    );
    return rows.map(({ id }) => id);
  }

  /** The newest candidates of a range, and down to where was looked for them. */
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

  /** The candidates as messages, by their order; those are left out that the asker may not read, or that are no more. */
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
