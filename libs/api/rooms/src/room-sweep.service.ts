import { Memberships } from '@cloudhop/api/conversations';
import { eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RoomsRepository } from './rooms.repository';

const log = eventLog('rooms');

/** Ends what rooms and the lobby keep for a while only: former slugs, and the addresses of banned guests. */
@Injectable()
export class RoomSweep implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    @Inject(RoomsRepository) private readonly repository: RoomsRepository,
    @Inject(Memberships) private readonly memberships: Memberships,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.run(), limits.roomSweepIntervalMs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One round. Whoever calls meanwhile waits for the same. */
  run(): Promise<void> {
    this.#running ??= this.#round()
      .catch((error: unknown) => log.error('rooms.sweep_failed', error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #round(): Promise<void> {
    await this.repository.eraseFormerSlugs(limits.formerSlugMs);
    await this.repository.eraseAddressBans();
    for (const { conversationId, userId } of await this.repository.endedAddressBans(limits.roomSweepStep)) {
      if (this.#isStopped) return;
      // One that fails keeps none of the others.
      await this.memberships
        .endAddressBan(conversationId, userId)
        .catch((error: unknown) => log.error('rooms.ban_end_failed', error));
    }
  }
}
