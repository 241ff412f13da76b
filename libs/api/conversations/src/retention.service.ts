import { FeedHub, conversationFeed, eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RetentionRepository } from './retention.repository';

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
    @Inject(RetentionRepository) private readonly repository: RetentionRepository,
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
  run(): Promise<void> {
    this.#running ??= this.#round()
      .catch((error: unknown) => log.error('retention.failed', error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  /**
   * Raises the floor over everything that was written longer ago than `ageMs`, by the database's clock. Returns the new
   * floor, or undefined when it stays.
   */
  async raiseFloor(conversationId: string, ageMs: number): Promise<number | undefined> {
    const floorSeq = await this.repository.seqOlderThan(conversationId, ageMs);
    const row = await this.repository.raiseFloor(conversationId, floorSeq);
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
      const count = await this.repository.eraseMessages(conversationId, limits.retentionStep);
      if (this.#isStopped || count < limits.retentionStep) return;
    }
  }

  async #round(): Promise<void> {
    for (const { id, retentionMs } of await this.repository.conversations()) {
      if (this.#isStopped) return;
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
