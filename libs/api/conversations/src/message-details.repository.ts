import type { UserRow } from '@cloudhop/api/auth';
import { Database } from '@cloudhop/api/core';
import { type MessageEdit, limits as wire } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { MessageRow } from './rows';

/** Former texts; without items for whoever may not know them. */
export interface EditsRow {
  is_allowed: boolean;
  items: MessageEdit[] | null;
  users: UserRow[] | null;
}

/** A reaction of one person; null in the one row of a message that has none. */
export interface ReactionRow {
  seq: number;
  user_id: string | null;
  emoji: string;
  rev: number;
}

/** What of messages is read only when somebody asks for it. */
@Injectable()
export class MessageDetailsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Pinned messages above the reader's floor, the latest pin first. */
  async pinned(conversationId: string, floorSeq: number): Promise<MessageRow[]> {
    return this.database.query<MessageRow>(
      `select s.* from message_states_v1 s where s.conversation_id = $1 and s.pinned_at is not null and s.seq > $2
       order by s.pinned_at desc, s.seq desc limit $3`,
      [conversationId, floorSeq, wire.messagePins],
    );
  }

  /** Undefined where there is no such message. */
  async edits(conversationId: string, id: string, userId: string): Promise<EditsRow | undefined> {
    const rows = await this.database.query<EditsRow>('select * from message_edits_v1($1, $2, $3)', [
      conversationId,
      id,
      userId,
    ]);
    return rows[0];
  }

  /** Latest first, below `rev`; one more than `limit` where there are more, and none where there is no such message. */
  async reactions(
    conversationId: string,
    id: string,
    { emoji, rev, limit }: { emoji: string | undefined; rev: number | undefined; limit: number },
  ): Promise<ReactionRow[]> {
    return this.database.query<ReactionRow>('select * from message_reactions_v1($1, $2, $3, $4, $5)', [
      conversationId,
      id,
      emoji ?? null,
      rev ?? null,
      limit + 1,
    ]);
  }

  /** The first message from `low` to `high` that was said at a time or later; `high` when none was. */
  async seek(conversationId: string, at: string, low: number, high: number): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>('select message_seek_v1($1, $2, $3, $4) as seq', [
      conversationId,
      at,
      low,
      high,
    ]);
    return row!.seq;
  }
}
