import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, limits } from '@cloudhop/api/platform';
import type { HashLane } from './passwords.service';
import { TryCounter } from './try-counter';
import { WrongNames } from './wrong-names';

/** Origin of a try: a name from an address, with the device's id if the name's owner has used it, or a session. */
export type Trier = { name: string; address: string; deviceId?: string | undefined } | { sessionId: string };

export interface Time {
  now: () => number;
  pause: (ms: number) => Promise<unknown>;
}

/**
 * Throttle of wrong passwords. Counts them by name and address, and by name; each makes the next try wait. Counts the
 * distinct names of an address, which only delays a try. Counts a device that the owner has used, and a session, apart
 * from all of these. So people who share an address don't wait for each other, and strangers don't lock out an owner.
 * Counts in this process: n nodes allow n times as much.
 */
export class LogInTries {
  /** By name and address, by device, or by session. */
  readonly #own: TryCounter;
  readonly #names: TryCounter;
  readonly #wrongNames: WrongNames;

  constructor(private readonly time: Time = { now: Date.now, pause }) {
    const { now } = time;
    this.#own = new TryCounter(() => ({ free: limits.freeLogInTries, maxWaitMs: limits.logInWaitMs, now }));
    this.#names = new TryCounter(() => ({ free: limits.freeNameLogInTries, maxWaitMs: limits.nameLogInWaitMs, now }));
    this.#wrongNames = new WrongNames(now);
  }

  /**
   * Returns what `verify` returns, undefined for a wrong password. Counts a try before it is verified, so that concurrent
   * ones count too. A right password takes back all tries of its origin; a `verify` that throws takes back this one.
   * Throws rate_limited.
   */
  async attempt<T>(trier: Trier, verify: (lane: HashLane) => Promise<T | undefined>): Promise<T | undefined> {
    const { own, name, address } = keysOf(trier);
    const waitMs = Math.max(this.#own.waitMs(own), name === undefined ? 0 : this.#names.waitMs(name));
    if (waitMs > 0) throw new DomainError('rate_limited', { retryAfterMs: Math.ceil(waitMs) });
    const waits = { own: this.#own.add(own), name: name === undefined ? 0 : this.#names.add(name) };
    const takeBack = (tries: number) => {
      this.#own.takeBack(own, tries, waits.own);
      if (name !== undefined) this.#names.takeBack(name, tries, waits.name);
    };
    const delayMs = address === undefined ? 0 : this.#delayMs(address);
    try {
      if (delayMs > 0) await this.time.pause(delayMs);
      const found = await verify(address === undefined ? 'known' : delayMs > 0 ? 'suspected' : 'unknown');
      const isStranger = name !== undefined && address !== undefined;
      if (found !== undefined) {
        takeBack(this.#own.count(own));
        if (isStranger) this.#wrongNames.remove(address, name);
      } else if (isStranger) this.#wrongNames.add(address, name);
      return found;
    } catch (error) {
      takeBack(1);
      throw error;
    }
  }

  #delayMs(address: string): number {
    const paid = this.#wrongNames.count(address) - limits.freeAddressLogInTries;
    return Math.min(Math.max(paid, 0) * limits.logInDelayStepMs, limits.logInDelayMs);
  }
}

interface Keys {
  own: string;
  /** Absent for a known device and for a session, where tries of strangers don't count. */
  name?: string;
  address?: string;
}

function keysOf(trier: Trier): Keys {
  if ('sessionId' in trier) return { own: keyOf('session', trier.sessionId) };
  const { name, address, deviceId } = trier;
  if (deviceId !== undefined) return { own: keyOf('device', deviceId) };
  return { own: keyOf('name and address', name, address), name: keyOf('name', name), address };
}

/** Returns a key of fixed length, whatever was typed. */
function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
