import { Memberships } from '@cloudhop/api/conversations';
import { DomainError, PeriodicTask, eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RoomsRepository } from './rooms.repository';

const log = eventLog('rooms');

/** Deletes what rooms and the lobby keep for a limited time: former slugs, and the addresses of banned guests. */
@Injectable()
export class RoomSweep implements OnModuleInit, OnApplicationShutdown {
  readonly #task = new PeriodicTask({
    intervalMs: () => limits.roomSweepIntervalMs,
    round: () => this.#round(),
    onError: (error) => log.error('rooms.sweep_failed', error),
  });

  constructor(
    @Inject(RoomsRepository) private readonly repository: RoomsRepository,
    @Inject(Memberships) private readonly memberships: Memberships,
  ) {}

  onModuleInit(): void {
    this.#task.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#task.stop();
  }

  async #round(): Promise<void> {
    await this.repository.eraseFormerSlugs(limits.formerSlugMs);
    await this.repository.eraseAddressBans();
    for (const { conversationId, userId } of await this.repository.endedAddressBans(limits.roomSweepStep)) {
      if (this.#task.isStopped) return;
      await this.memberships.unban('server', conversationId, userId).catch((error: unknown) => {
        // The conversation or the guest is gone.
        if (!(error instanceof DomainError && error.code === 'not_found')) throw error;
      });
      await this.repository.eraseAddressBanned(conversationId, userId);
    }
  }
}
