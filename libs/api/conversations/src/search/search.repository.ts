import { Database } from '@cloudhop/api/core';
import type { ConversationKind } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
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

export interface SearchRange {
  userId: string;
  conversationIds: readonly string[];
  /** Terms of the conversations, where they are few enough to be named. */
  keys: readonly number[] | undefined;
  terms: readonly number[];
  /** The blocks in which the range lies, where they are few enough to be named. */
  blocks: readonly number[] | undefined;
  from: number;
  /** Exclusive. */
  to: number;
  since: Date | undefined;
  until: Date | undefined;
  limit: number;
}

/** A candidate; without a message it is none for this asker. */
export interface CandidateRow {
  ord: number;
  message: MessageRow | null;
}

/** What of a conversation is not indexed yet. */
export interface PendingRow {
  conversation_id: string;
  from_rev: number;
  to_rev: number;
  has_more: boolean;
  messages: { seq: number; author_id: string; at: string; body: string; is_deleted: boolean; is_pinned: boolean }[];
}

/** What one conversation's messages were made into. */
export interface IndexWrite {
  c: string;
  /** From which rev, exclusive, to which. */
  f: number;
  t: number;
  rows: { s: number; at: string; k: number[] }[];
  gone: number[];
}

/** The index by which messages are found. */
@Injectable()
export class SearchRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** All that a user may read. */
  readable(userId: string): Promise<SearchableRow[]> {
    return this.database.prepared<SearchableRow>(
      'search_readable',
      `select c.id, c.kind, c.title, c.slug, u.username_key as peer from conversations c
       left join memberships m on m.conversation_id = c.id and m.user_id = $1
       left join users u on u.id = case when c.direct_low = $1 then c.direct_high else c.direct_low end
       where (c.kind = 'lobby' and m.state is distinct from 'banned')
         or c.id in (select j.conversation_id from memberships j where j.user_id = $1 and j.state = 'joined')`,
      [userId],
    );
  }

  /** Who has this username or tag. */
  async usersNamed(usernameKey: string, tag: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select u.id from users u where u.username_key = $1 or u.tag = $2',
      [usernameKey, tag],
    );
    return rows.map(({ id }) => id);
  }

  /** Where the index ends, and about where a time begins in it. */
  async bounds(since: Date | undefined, until: Date | undefined): Promise<{ from: number; to: number }> {
    const [row] = await this.database.prepared<{ from: number; to: number }>(
      'search_bounds',
      `select case when $1::timestamptz is null then 0 else search_ord_at_v1($1) end as from,
         case when $2::timestamptz is null then (select coalesce(max(t.ord), 0) + 1 from message_terms t) else search_ord_at_v1($2) end as to`,
      [since ?? null, until ?? null],
    );
    return row!;
  }

  candidates(range: SearchRange): Promise<CandidateRow[]> {
    return this.database.prepared<CandidateRow>(
      'search',
      'select * from search_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [
        range.userId,
        range.conversationIds,
        range.keys ?? null,
        range.terms,
        range.blocks ?? null,
        range.from,
        range.to,
        range.since ?? null,
        range.until ?? null,
        range.limit,
      ],
    );
  }

  pending(conversationIds: readonly string[], limit: number): Promise<PendingRow[]> {
    return this.database.prepared<PendingRow>('search_pending', 'select * from search_pending_v1($1, $2)', [
      conversationIds,
      limit,
    ]);
  }

  /** Conversations of which something is not indexed. */
  async behind(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select h.conversation_id as id from conversation_heads h join conversations k on k.id = h.conversation_id and k.kind <> 'match'
       left join search_cursors c on c.conversation_id = h.conversation_id where h.rev > coalesce(c.rev, 0) limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  async write(batch: readonly IndexWrite[]): Promise<void> {
    await this.database.retrying(() =>
      this.database.prepared('search_write', 'select search_write_v1($1::json)', [JSON.stringify(batch)]),
    );
  }
}
