import { limits } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import { limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { conversationsRowShapes } from './row-shapes';

/** A row of floor_raise_v1. */
export interface RaisedFloorRow {
  rev: number;
  floor_seq: number;
}

const raisedFloor = selectList(conversationsRowShapes.floor_raise_v1, 'f');

/** Finds and erases messages and keys beyond their retention. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** Returns the conversations that have a retention, in ms. */
  conversations(): Promise<{ id: string; retentionMs: number }[]> {
    return this.database.query<{ id: string; retentionMs: number }>(
      'select c.id, c.retention_ms as "retentionMs" from conversations c where c.retention_ms is not null',
    );
  }

  /**
   * Returns the highest seq that was written longer ago than `ageMs`, or the floor if there is none. Uses the
   * database's clock: a node with a wrong clock must not erase recent messages.
   */
  async seqOlderThan(conversationId: string, ageMs: number): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(
      `select seq_before_v1($1, clock_timestamp() - $2 * interval '1 millisecond') as seq`,
      [conversationId, ageMs],
    );
    return row!.seq;
  }

  /** Raises the floor to `floorSeq`, under the head's lock. Returns undefined if the floor stays. */
  async raiseFloor(conversationId: string, floorSeq: number): Promise<RaisedFloorRow | undefined> {
    const [row] = await this.database.retrying(() =>
      this.database.query<RaisedFloorRow>(`select ${raisedFloor} from floor_raise_v1($1, $2) f`, [
        conversationId,
        floorSeq,
      ]),
    );
    return row;
  }

  /** Erases up to `limit` messages below the floor. Returns their number: less than `limit` once no more are left. */
  async eraseMessages(conversationId: string, limit: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>('select log_erase_v1($1, $2) as count', [
      conversationId,
      limit,
    ]);
    return row!.count;
  }

  /** Erases the keys of erased messages after limits.keyRetentionMs by the database's clock, when no retry can come any more. */
  async eraseKeys(): Promise<void> {
    await this.database.query(
      `delete from message_keys k using conversation_heads h, conversations c
       where h.conversation_id = k.conversation_id and c.id = k.conversation_id and k.seq <= h.floor_seq
         and k.created_at < clock_timestamp() - (least(coalesce(c.retention_ms, 0), $2) + $1) * interval '1 millisecond'`,
      [limits.keyRetentionMs, wire.retentionMaxMs],
    );
  }
}
