import type { UserRow } from '@cloudhop/api/auth';
import { Database, selectList } from '@cloudhop/api/database';
import { type MessageEdit, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { conversationsRowShapes } from './row-shapes';
import type { MessageRow } from './rows';

/** A row of message_edits_v1: former texts; without items for users who may not see them. */
export interface EditsRow {
  seq: number;
  is_allowed: boolean;
  items: MessageEdit[] | null;
  users: UserRow[] | null;
}

/** A row of message_reactions_v1: a reaction of one person; null in the one row of a message that has none. */
export interface ReactionRow {
  seq: number;
  user_id: string | null;
  emoji: string;
  rev: number;
}

const messageColumns = selectList(conversationsRowShapes.message_states_v1, 's');
const editsColumns = selectList(conversationsRowShapes.message_edits_v1);
const reactionColumns = selectList(conversationsRowShapes.message_reactions_v1);

/** Details of messages that are read on request. */
@Injectable()
export class MessageDetailsRepository {
  constructor(private readonly database: Database) {}

  /** Pinned messages above the reader's floor, the latest pin first. */
  async pinned(conversationId: string, floorSeq: number): Promise<MessageRow[]> {
    return this.database.query<MessageRow>(
      `select ${messageColumns} from message_states_v1 s where s.conversation_id = $1 and s.pinned_at is not null and s.seq > $2
       order by s.pinned_at desc, s.seq desc limit $3`,
      [conversationId, floorSeq, wire.messagePins],
    );
  }

  /** Returns the former texts of a message; undefined if there is no such message. */
  async edits(conversationId: string, id: string, userId: string): Promise<EditsRow | undefined> {
    const rows = await this.database.query<EditsRow>(`select ${editsColumns} from message_edits_v1($1, $2, $3)`, [
      conversationId,
      id,
      userId,
    ]);
    return rows[0];
  }

  /**
   * Returns reactions below `rev`, the latest first, and one more than `limit` if there are more. Returns no row if
   * there is no such message.
   */
  async reactions(
    conversationId: string,
    id: string,
    { emoji, rev, limit }: { emoji: string | undefined; rev: number | undefined; limit: number },
  ): Promise<ReactionRow[]> {
    return this.database.query<ReactionRow>(`select ${reactionColumns} from message_reactions_v1($1, $2, $3, $4, $5)`, [
      conversationId,
      id,
      emoji ?? null,
      rev ?? null,
      limit + 1,
    ]);
  }

  /**
   * Returns the seq of the first message above the floor that was sent at a time or later, else of the latest one.
   * Skips deleted messages.
   */
  async seek(conversationId: string, at: string, floorSeq: number): Promise<number | null> {
    const [row] = await this.database.query<{ seq: number | null }>(
      // Materialised, or the search for the time would run again for each message.
      `with b as materialized (select greatest(seq_before_v1($1, $2), $3::bigint) as seq)
       select coalesce(
         (select m.seq from messages m where m.conversation_id = $1 and m.seq > (select b.seq from b) and m.deleted_at is null order by m.seq limit 1),
         (select m.seq from messages m where m.conversation_id = $1 and m.seq > $3 and m.deleted_at is null order by m.seq desc limit 1)) as seq`,
      [conversationId, at, floorSeq],
    );
    return row!.seq;
  }
}
