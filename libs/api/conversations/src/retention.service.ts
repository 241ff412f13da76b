import { PeriodicTask, eventLog, limits } from '@cloudhop/api/platform';
import { FeedHub, conversationFeed } from '@cloudhop/api/realtime';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RetentionRepository } from './retention.repository';

const log = eventLog('retention');

/**
 * Retention of messages: raises the floor under a short lock, which readers honour at once, then erases rows in small
 * steps without the lock. Keys stay longer, to recognise late retries.
 */
@Injectable()
export class RetentionService implements OnModuleInit, OnApplicationShutdown {
  readonly #task = new PeriodicTask({
    intervalMs: () => limits.retentionIntervalMs,
    round: () => this.#round(),
    onError: (error) => log.error('retention.failed', error),
  });

  constructor(
    private readonly repository: RetentionRepository,
    private readonly feeds: FeedHub,
  ) {}

  onModuleInit(): void {
    this.#task.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }

  /** Runs one round over all conversations with a retention. */
  run(): Promise<void> {
    return this.#task.run();
  }

  /**
   * Raises the floor above all messages older than `ageMs`, by the database's clock. Returns the new floor, or
   * undefined if it stays.
   */
  async raiseFloor(conversationId: string, ageMs: number): Promise<number | undefined> {
    const floorSeq = await this.repository.seqOlderThan(conversationId, ageMs);
    const row = await this.repository.raiseFloor(conversationId, floorSeq);
    if (row === undefined) return undefined;
    this.feeds.publish({
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
      const count = await this.repository.eraseMessages(conversationId, limits.retentionStep);
      if (this.#task.isStopped || count < limits.retentionStep) return;
    }
  }

  async #round(): Promise<void> {
    for (const { id, retentionMs } of await this.repository.conversations()) {
      if (this.#task.isStopped) return;
      try {
        await this.raiseFloor(id, retentionMs);
        await this.erase(id);
      } catch (error) {
        log.error('retention.conversation_failed', error, { conversationId: id });
      }
    }
    await this.repository.eraseKeys();
  }
}
