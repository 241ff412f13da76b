import { ConversationLogService } from '@cloudhop/api/conversations';
import { eventLog, limits } from '@cloudhop/api/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RoomsRepository } from './rooms.repository';

const log = eventLog('rooms');

/** Activity of rooms, by which they are listed. Written every few seconds, and never together with a message. */
@Injectable()
export class RoomActivityService implements OnModuleInit, OnModuleDestroy {
  readonly #active = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly conversationLog: ConversationLogService,
    private readonly repository: RoomsRepository,
  ) {}

  onModuleInit(): void {
    this.conversationLog.onCommitted((ids) => {
      for (const id of ids) this.#active.add(id);
      this.#timer ??= setTimeout(() => void this.write(), limits.roomActivityIntervalMs);
    });
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.#timer);
    await this.write();
  }

  async write(): Promise<void> {
    this.#timer = undefined;
    if (this.#active.size === 0) return;
    const ids = [...this.#active].sort();
    this.#active.clear();
    await this.repository
      .writeActivity(ids)
      .catch((error: unknown) => log.error('rooms.activity_failed', error, { count: ids.length }));
  }
}
