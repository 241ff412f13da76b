import { Database, FeedHub, conversationFeed, eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';

const log = eventLog('retention');

/**
 * Takes away what has become too old: first the floor rises, under a short lock, and readers honour it at once;
 * then rows go in small steps without the lock. Keys stay longer, so that a late retry is known.
 */
@Injectable()
export class Retention implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FeedHub) private readonly feeds: FeedHub,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.run(), limits.retentionIntervalMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One round over all conversations with a retention. */
  run(now = new Date()): Promise<void> {
    this.#running ??= this.#round(now)
      .catch((error: unknown) => log.error('retention.failed', error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Raises the floor over everything written before `before`. Answers the new floor, or undefined when it stays. */
  async raiseFloor(conversationId: string, before: Date): Promise<number | undefined> {
    const [row] = await this.database.retrying(() =>
      this.database.query<{ rev: number; floor_seq: number }>(
        'select f.* from (select seq_before_v1($1, $2) as seq) s, floor_raise_v1($1, s.seq) f',
        [conversationId, before],
      ),
    );
    if (row === undefined) return undefined;
    this.feeds.committed({
      feed: conversationFeed(conversationId),
      fromRev: row.rev - 1,
      toRev: row.rev,
      changes: [{ kind: 'floor', rev: row.rev, floorSeq: row.floor_seq }],
      users: [],
    });
    return row.floor_seq;
  }

  /** Erases the rows below the floor. */
  async erase(conversationId: string): Promise<void> {
    for (;;) {
      const [row] = await this.database.query<{ count: number }>('select log_erase_v1($1, $2) as count', [
        conversationId,
        limits.retentionStep,
      ]);
      if (this.#isStopped || row!.count < limits.retentionStep) return;
    }
  }

  async #round(now: Date): Promise<void> {
    const rows = await this.database.query<{ id: string; retention_ms: number }>(
      'select c.id, c.retention_ms from conversations c where c.retention_ms is not null',
    );
    for (const { id, retention_ms: retentionMs } of rows) {
      if (this.#isStopped) return;
      await this.raiseFloor(id, new Date(now.getTime() - Number(retentionMs)));
      await this.erase(id);
    }
    await this.#eraseKeys(now);
  }

  /** A key goes when its text went and the longest retry is over. */
  async #eraseKeys(now: Date): Promise<void> {
    await this.database.query(
      `delete from message_keys k using conversation_heads h, conversations c
       where h.conversation_id = k.conversation_id and c.id = k.conversation_id and k.seq <= h.floor_seq
         and k.created_at < $1::timestamptz - (coalesce(c.retention_ms, 0) + $2) * interval '1 millisecond'`,
      [now, limits.keyRetentionMs],
    );
  }
}
