import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type LimitStore, limits } from '@cloudhop/api/platform';
import { LocalTries } from './local-tries';
import type { HashLane } from './passwords.service';
import { RedisTries } from './redis-tries';

/** Origin of a try: a name from an address, with the device's id if the name's owner has used it, or a session. */
export type Trier = { name: string; address: string; deviceId?: string | undefined } | { sessionId: string };

/** Counters that a try belongs to. */
export interface TryKeys {
  /** By name and address, by device, or by session. */
  own: string;
  /** Absent for a known device and for a session, where tries of strangers don't count. */
  stranger?: { name: string; address: string };
}

/** Tries that cost no wait. */
export interface FreeTries {
  own: number;
  name: number;
}

/** Outcome of a try. `undone`: it could not be verified, and counts as none. */
export type TryOutcome = 'right' | 'wrong' | 'undone';

/** Try that was counted. */
export interface CountedTry {
  /** Names that the address has tried with a wrong password before; 0 without an address. */
  wrongNames: number;
  /** Keeps a wrong try. Takes back all tries of the origin after a right one, and this one if it is undone. */
  end: (outcome: TryOutcome) => void | Promise<void>;
}

export interface Time {
  now: () => number;
  pause: (ms: number) => Promise<unknown>;
}

/**
 * Throttle of wrong passwords. Counts them by name and address, and by name; each makes the next try wait. Counts the
 * distinct names of an address, which only delays a try. Counts a device that the owner has used, and a session, apart
 * from all of these. So people who share an address don't wait for each other, and strangers don't lock out an owner.
 * All nodes share the counters; while Redis is away each node counts by itself, with its share of the free tries.
 */
export class LogInTries {
  readonly #shared: RedisTries;
  /** Tries at this node, those that are shared included: it carries on with them if Redis goes away. */
  readonly #local: LocalTries;

  constructor(
    private readonly store: LimitStore,
    private readonly time: Time = { now: Date.now, pause },
  ) {
    this.#shared = new RedisTries(store);
    this.#local = new LocalTries(time.now);
  }

  /**
   * Returns what `verify` returns, undefined for a wrong password. Counts a try before it is verified, so that concurrent
   * ones count too. A right password takes back all tries of its origin; a `verify` that throws takes back this one.
   * Throws rate_limited.
   */
  async attempt<T>(trier: Trier, verify: (lane: HashLane) => Promise<T | undefined>): Promise<T | undefined> {
    const keys = keysOf(trier);
    const { delayMs, end } = await this.#begin(keys);
    let outcome: TryOutcome = 'undone';
    try {
      if (delayMs > 0) await this.time.pause(delayMs);
      const found = await verify(keys.stranger === undefined ? 'known' : delayMs > 0 ? 'suspected' : 'unknown');
      outcome = found === undefined ? 'wrong' : 'right';
      return found;
    } finally {
      await end(outcome);
    }
  }

  /** Counts a try. Throws rate_limited if it has to wait. */
  async #begin(keys: TryKeys): Promise<{ delayMs: number; end: CountedTry['end'] }> {
    const free = { own: limits.freeLogInTries, name: limits.freeNameLogInTries };
    const shared = await this.#shared.begin(keys, free);
    if (shared) {
      const local = this.#local.add(keys, free);
      const end = (outcome: TryOutcome) => {
        local.end(outcome);
        return shared.end(outcome);
      };
      return { delayMs: delayOf(shared.wrongNames - limits.freeAddressLogInTries), end };
    }
    const share = { own: this.store.shareOf(free.own), name: this.store.shareOf(free.name) };
    const { wrongNames, end } = this.#local.begin(keys, share);
    return { delayMs: delayOf(wrongNames - this.store.shareOf(limits.freeAddressLogInTries)), end };
  }
}

/** Returns the delay of an address that has tried so many names beyond the free ones. */
function delayOf(paidNames: number): number {
  return Math.min(Math.max(paidNames, 0) * limits.logInDelayStepMs, limits.logInDelayMs);
}

function keysOf(trier: Trier): TryKeys {
  if ('sessionId' in trier) return { own: keyOf('session', trier.sessionId) };
  const { name, address, deviceId } = trier;
  if (deviceId !== undefined) return { own: keyOf('device', deviceId) };
  return { own: keyOf('name and address', name, address), stranger: { name: keyOf('name', name), address } };
}

/** Returns a key of fixed length, whatever was typed. */
function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
