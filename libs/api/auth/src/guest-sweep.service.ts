import { Draining, eventLog, limits } from '@cloudhop/api/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UsersService } from './users.service';

const log = eventLog('guest_sweep');

/**
 * Sweep of guests who were not seen for thirty days. Removes their name and tag; the row stays, because messages refer
 * to it.
 */
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
    // Also runs soon after the start, because a process may live less than an hour.
    this.#first = setTimeout(run, limits.guestSweepIntervalMs / 60).unref();
    this.#timer = setInterval(run, limits.guestSweepIntervalMs).unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.#first);
    clearInterval(this.#timer);
  }

  /**
   * Sweeps until no guest is left. Returns the number of guests that this node has forgotten; other nodes may sweep at
   * the same time.
   */
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
