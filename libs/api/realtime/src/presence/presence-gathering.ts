import type { User } from '@cloudhop/contracts';

/** What one fact tells of who came and went. */
export interface PresenceNews {
  joined: User[];
  left: User[];
}

/**
 * Gathers who came and went in one conversation until it is told. A leave waits for the grace: who is back by then
 * never left. Pure: times come in.
 */
export class PresenceGathering {
  readonly #joined = new Map<string, User>();
  /** Who left, and when it may be told. */
  readonly #leaving = new Map<string, { user: User; at: number }>();

  join(user: User): void {
    // Who comes back within the grace was never told to have left.
    if (!this.#leaving.delete(user.id)) this.#joined.set(user.id, user);
  }

  leave(user: User, now: number, graceMs: number): void {
    // Who came and went before anybody was told is no news.
    if (!this.#joined.delete(user.id)) this.#leaving.set(user.id, { user, at: now + graceMs });
  }

  /** Takes what may be told now; undefined when there is nothing. */
  take(now: number): PresenceNews | undefined {
    const left = [...this.#leaving.values()].flatMap(({ user, at }) => (at <= now ? [user] : []));
    for (const { id } of left) this.#leaving.delete(id);
    const joined = [...this.#joined.values()];
    this.#joined.clear();
    return joined.length + left.length === 0 ? undefined : { joined, left };
  }

  /** Returns true if the latest fact that others received says that the user is here. */
  isKnown(userId: string, isHere: boolean): boolean {
    return isHere ? !this.#joined.has(userId) : this.#leaving.has(userId);
  }

  /** When `take` must be asked again; undefined when nothing waits. */
  get nextAt(): number | undefined {
    if (this.#joined.size > 0) return 0;
    let nextAt: number | undefined;
    for (const { at } of this.#leaving.values()) nextAt = Math.min(nextAt ?? at, at);
    return nextAt;
  }
}
