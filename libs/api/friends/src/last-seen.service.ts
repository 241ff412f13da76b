import { boundedTime } from '@cloudhop/api/database';
import { LatestWrites, eventLog, limits } from '@cloudhop/api/platform';
import { PresenceDirectory } from '@cloudhop/api/realtime';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LastSeenRepository } from './last-seen.repository';

const log = eventLog('last-seen');

/**
 * Times at which users were last seen: written when they go offline, and every few minutes while they are online,
 * because a crashed node writes nothing. A user who appears offline keeps the former time.
 */
@Injectable()
export class LastSeenService implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  readonly #writes = new LatestWrites<string, void>({
    intervalMs: () => limits.presenceIntervalMs,
    most: () => limits.lastSeenQueue,
    merge: (before) => before,
    write: async (userIds) => {
      await this.repository.write(userIds);
      return [];
    },
  });

  constructor(
    private readonly repository: LastSeenRepository,
    private readonly directory: PresenceDirectory,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#writeAll(), limits.lastSeenWriteMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#writeAll();
    await this.#writes.close();
  }

  /** Records the current time for a user who is, or was until now, visible on this node. */
  recordSeen(userId: string): void {
    this.#writes.put(userId, userId).catch((error: unknown) => log.error('last_seen.failed', error));
  }

  /** Returns the times of those users who show them, each rounded to limits.lastSeenRoundMs. */
  async of(userIds: readonly string[]): Promise<Map<string, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.repository.find(userIds);
    return new Map(rows.map(({ userId, at }) => [userId, rounded(Date.parse(boundedTime(at)))]));
  }

  /** Returns those of the users who show others when they were last seen. */
  shownBy(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.repository.showing(userIds);
  }

  #writeAll(): void {
    for (const userId of this.directory.seenHere()) this.recordSeen(userId);
  }
}

/** Rounds a time down to limits.lastSeenRoundMs. */
export function rounded(atMs: number): string {
  return new Date(atMs - (atMs % limits.lastSeenRoundMs)).toISOString();
}
