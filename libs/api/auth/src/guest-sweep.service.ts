import { Draining, eventLog, limits } from '@cloudhop/api/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UsersService } from './users.service';

const log = eventLog('guest_sweep');

/** Forgets guests who were not seen for thirty days: the row stays, for the messages' sake; name and tag go. */
@Injectable()
export class GuestSweepService implements OnApplicationBootstrap, OnModuleDestroy {
  #first: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly users: UsersService,
    private readonly draining: Draining,
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

  /** Sweeps until nobody is left. Returns how many guests this node forgot: other nodes may be at it too. */
  async run(): Promise<number> {
    let count = 0;
    // Guests who can't be forgotten, or whom another transaction has locked, wait for the next sweep.
    const skipped: string[] = [];
    for (;;) {
      const guests = await this.users.unseenGuests(skipped);
      for (const userId of guests) {
        if (this.draining.isDraining) return count;
        if (await this.#forget(userId)) count++;
        else skipped.push(userId);
      }
      if (guests.length < limits.guestSweepStep) break;
    }
    if (count > 0) log.info('guests_forgotten', { count });
    return count;
  }

  async #forget(userId: string): Promise<boolean> {
    try {
      return await this.users.forgetUnseenGuest(userId);
    } catch (error) {
      log.error('guest_not_forgotten', error, { userId });
      return false;
    }
  }
}
