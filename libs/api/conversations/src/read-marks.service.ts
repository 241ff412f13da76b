import { Database, FeedHub, eventLog, limits, personalFeed } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type MembershipRow, toMembership } from './rows';

const log = eventLog('read-marks');

interface Mark {
  userId: string;
  conversationId: string;
  seq: number;
}

/**
 * Read marks, in a group commit of their own: the latest value of each user and conversation, at most once a second,
 * never with a conversation's lock.
 */
@Injectable()
export class ReadMarks implements OnApplicationShutdown {
  readonly #pending = new Map<string, Mark>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FeedHub) private readonly feeds: FeedHub,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush();
  }

  /** Moves a mark forward, soon. Marks never move back. */
  move(userId: string, conversationId: string, seq: number): void {
    const key = `${userId} ${conversationId}`;
    const known = this.#pending.get(key);
    if (known === undefined || known.seq < seq) this.#pending.set(key, { userId, conversationId, seq });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, limits.readMarkIntervalMs);
  }

  /** Writes what is pending now. A mark that could not be written is tried with the next ones. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const marks = [...this.#pending.values()];
    if (marks.length === 0) return;
    this.#pending.clear();
    try {
      const rows = await this.database.retrying(() =>
        this.database.prepared<MembershipRow & { feed_rev: number }>(
          'read_marks',
          'select * from read_marks_v1($1::json)',
          [JSON.stringify(marks.map(({ conversationId, userId, seq }) => ({ c: conversationId, u: userId, seq })))],
        ),
      );
      for (const row of rows) {
        this.feeds.committed({
          feed: personalFeed(row.user_id),
          fromRev: row.feed_rev - 1,
          toRev: row.feed_rev,
          changes: [{ kind: 'membership', rev: row.feed_rev, membership: toMembership(row) }],
          users: [],
        });
      }
    } catch (error) {
      log.error('read_marks.failed', error);
      for (const mark of marks) {
        const key = `${mark.userId} ${mark.conversationId}`;
        if (!this.#pending.has(key)) this.#pending.set(key, mark);
      }
    }
  }
}
