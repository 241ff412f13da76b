import { Database, DomainError, FeedHub, eventLog, limits, personalFeed } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type MembershipRow, toMembership } from './rows';

const log = eventLog('read-marks');

interface Mark {
  userId: string;
  conversationId: string;
  seq: number;
  /** Who wants to know how it went. */
  waiting: PromiseWithResolvers<void>;
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

  /**
   * Moves a mark forward, soon; marks never move back. Resolves once it, or a later one, is stored: a node may die
   * meanwhile, and who was told `ok` before would not tell it again. Rejects with `unavailable`.
   */
  move(userId: string, conversationId: string, seq: number): Promise<void> {
    const key = `${userId} ${conversationId}`;
    const mark = this.#pending.get(key) ?? { userId, conversationId, seq, waiting: Promise.withResolvers<void>() };
    mark.seq = Math.max(mark.seq, seq);
    this.#pending.set(key, mark);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, limits.readMarkIntervalMs);
    return mark.waiting.promise;
  }

  /** Writes what is pending now. */
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
      for (const { waiting } of marks) waiting.resolve();
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
      for (const { waiting } of marks)
        waiting.reject(new DomainError('unavailable', { retryAfterMs: limits.readMarkIntervalMs, cause: error }));
    }
  }
}
