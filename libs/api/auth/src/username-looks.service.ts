import { eventLog, limits } from '@cloudhop/api/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { looksOf } from './skeleton';
import { UsersRepository } from './users.repository';

const log = eventLog('username_looks');

/** Names filled in by one statement. */
const step = 500;

/**
 * Backfill of the looks of usernames: of those from before looks were stored, and of those that the release before
 * registers.
 */
@Injectable()
export class UsernameLooksService implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly users: UsersRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    const run = () => this.run().catch((error: unknown) => log.error('username_looks_failed', error));
    this.#timer = setInterval(() => void run(), limits.guestSweepIntervalMs).unref();
    await run();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Fills in missing looks. Returns the number of names. */
  async run(): Promise<number> {
    let count = 0;
    for (;;) {
      const names = await this.users.withoutLooks(step);
      await this.users.addLooks(
        names.flatMap(({ id, username }) => looksOrItself(username).map((look) => ({ user_id: id, look }))),
      );
      count += names.length;
      if (names.length < step) break;
    }
    if (count > 0) log.info('username_looks_added', { count });
    return count;
  }
}

/**
 * Returns the looks of a name, or the name itself if they can't be computed, so that one name doesn't stop the
 * backfill.
 */
function looksOrItself(username: string): string[] {
  try {
    return looksOf(username);
  } catch (error) {
    log.error('username_look_failed', error);
    return [username];
  }
}
