import { limits } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import { limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { conversationsRowShapes } from './row-shapes';

/** A row of mentions_unknown_v1. */
export interface UnknownMentionsRow {
  seq: number;
  author_id: string;
  edited_at: Date | null;
  /** The text, and of an edited message its former texts. */
  texts: string[];
}

/** Messages of one conversation above `after` and up to `to`. */
export interface SeqRange {
  conversationId: string;
  after: number;
  to: number;
}

/** Mention keys of one message, with the row from which they were computed. */
export interface ComputedMentions {
  row: UnknownMentionsRow;
  keys: readonly string[];
}

const unknownColumns = selectList(conversationsRowShapes.mentions_unknown_v1);

/** Messages without mention keys. */
@Injectable()
export class MentionsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Returns ranges with messages that nodes of the release before wrote without keys, of limits.mentionBackfillStep
   * messages.
   */
  unknownRanges(): Promise<SeqRange[]> {
    return this.database.query<SeqRange>(
      `select x.conversation_id as "conversationId", min(x.seq) - 1 as after, max(x.seq) as "to"
       from (select m.conversation_id, m.seq from message_mentions m where m.keys is null
         order by m.conversation_id, m.seq limit $1) x
       group by x.conversation_id`,
      [limits.mentionBackfillStep],
    );
  }

  /**
   * Moves the backfill of old messages past the conversation `done`. Returns the range of the next conversation in which
   * mentions count. Returns undefined if no conversation is left, or while an older transaction may still write without
   * keys.
   */
  async nextOld(done: string | undefined): Promise<SeqRange | undefined> {
    const [row] = await this.database.query<SeqRange>(
      `select h.conversation_id as "conversationId", greatest(h.floor_seq, h.seq - $2) as after, h.seq as "to"
       from conversation_heads h where h.conversation_id = (select mentions_backfill_v1($1))`,
      [done ?? null, wire.mentionWindow],
    );
    return row;
  }

  unknown({ conversationId, after, to }: SeqRange): Promise<UnknownMentionsRow[]> {
    return this.database.query<UnknownMentionsRow>(`select ${unknownColumns} from mentions_unknown_v1($1, $2, $3)`, [
      conversationId,
      after,
      to,
    ]);
  }

  async write(conversationId: string, computed: readonly ComputedMentions[]): Promise<void> {
    const rows = computed.map(({ row, keys }) => ({
      s: row.seq,
      u: row.author_id,
      e: row.edited_at,
      m: keys.join(' '),
    }));
    await this.database.retrying(() =>
      this.database.query('select mentions_write_v1($1, $2)', [conversationId, JSON.stringify(rows)]),
    );
  }
}
