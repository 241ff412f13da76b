import { Draining, eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UsersRepository } from './users.repository';

const log = eventLog('guest_sweep');

/** Forgets guests who were not seen for thirty days: the row stays, for the messages' sake; name and tag go. */
@Injectable()
export class GuestSweep implements OnApplicationBootstrap, OnModuleDestroy {
  #first: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(UsersRepository) private readonly users: UsersRepository,
    @Inject(Draining) private readonly draining: Draining,
  ) {}

  onApplicationBootstrap(): void {
    const run = () => void this.run().catch((error: unknown) => log.error('guest_sweep_failed', error));
    // Soon after the start too: a process may never live an hour.
    this.#first = setTimeout(run, limits.guestSweepIntervalMs / 60).unref();
    this.#timer = setInterval(run, limits.guestSweepIntervalMs).unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.#first);
    clearInterval(this.#timer);
  }

  /** One sweep in steps of limits.guestSweepStep, until nobody is left or another node is at it. Answers how many it forgot. */
  async run(): Promise<number> {
    let total = 0;
    while (!this.draining.isDraining) {
      const count = await this.users.anonymiseGuests(limits.guestSessionMs, limits.guestSweepStep);
      total += count ?? 0;
      if (count === undefined || count < limits.guestSweepStep) break;
    }
    if (total > 0) log.info('guests_forgotten', { count: total });
    return total;
  }
}
