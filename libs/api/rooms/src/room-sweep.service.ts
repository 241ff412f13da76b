import { PeriodicTask, eventLog, limits } from '@cloudhop/api/platform';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MembershipsService } from './memberships.service';
import { RoomsRepository } from './rooms.repository';

const log = eventLog('rooms');

/**
 * Deletes data of rooms and the lobby that is stored for a limited time: former slugs, and the addresses of banned
 * guests.
 */
@Injectable()
export class RoomSweepService implements OnModuleInit, OnApplicationShutdown {
  readonly #task = new PeriodicTask({
    intervalMs: () => limits.roomSweepIntervalMs,
    round: () => this.#round(),
    onError: (error) => log.error('rooms.sweep_failed', error),
  });

  constructor(
    private readonly repository: RoomsRepository,
    private readonly memberships: MembershipsService,
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
    await this.#endAddressBans();
  }

  async #endAddressBans(): Promise<void> {
    for (;;) {
      const due = await this.repository.endedAddressBans(limits.roomSweepStep);
      let ended = 0;
      for (const { conversationId, userId } of due) {
        if (this.#task.isStopped) return;
        try {
          await this.memberships.endAddressBan(conversationId, userId);
          ended++;
        } catch (error) {
          // A failure does not stop the others.
          log.error('rooms.ban_end_failed', error, { conversationId, userId });
        }
      }
      if (due.length < limits.roomSweepStep || ended === 0) return;
    }
  }
}
