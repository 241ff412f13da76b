import { eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RoomsRepository } from './rooms.repository';

const log = eventLog('rooms');

/** Ends what rooms keep for a while only: former slugs. */
@Injectable()
export class RoomSweep implements OnModuleInit, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(@Inject(RoomsRepository) private readonly repository: RoomsRepository) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.run(), limits.roomSweepIntervalMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One round. Whoever calls meanwhile waits for the same. */
  run(): Promise<void> {
    this.#running ??= this.repository
      .eraseFormerSlugs(limits.formerSlugMs)
      .catch((error: unknown) => log.error('rooms.sweep_failed', error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }
}
