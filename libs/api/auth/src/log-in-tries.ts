import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, limits } from '@cloudhop/api/core';
import type { HashLane } from './passwords.service';
import { TryCounter } from './try-counter';
import { WrongNames } from './wrong-names';

/** Who tries: a stranger with a name from an address, perhaps from a device that the name's owner used, or a session. */
export type Trier = { name: string; address: string; deviceId?: string | undefined } | { sessionId: string };

export interface Time {
  now: () => number;
  pause: (ms: number) => Promise<unknown>;
}

/**
 * What wrong passwords cost. They are counted by name and address, and by name, which both make the next try wait; by
 * address over distinct names, which only delays it; on a device that the owner used, and in a session, apart from all of
 * these. So nobody who shares an address waits for others, and no stranger locks out an owner. Counted in this process: n
 * nodes allow n times as much.
 */
export class LogInTries {
  /** Of one name from one address, of one device, or of one session. */
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
   * Looks whether a try is right: `look` returns nothing when it is wrong. A try is counted before it is looked at, so
   * that many at once count too; one that is right takes back all that were counted for its trier, and one that fails
   * takes back itself. Throws rate_limited.
   */
  async attempt<T>(trier: Trier, look: (lane: HashLane) => Promise<T | undefined>): Promise<T | undefined> {
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
      const found = await look(address === undefined ? 'known' : delayMs > 0 ? 'suspected' : 'unknown');
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
  /** Absent where a stranger's tries count for nothing: on a device that is known, and in a session. */
  name?: string;
  address?: string;
}

function keysOf(trier: Trier): Keys {
  if ('sessionId' in trier) return { own: keyOf('session', trier.sessionId) };
  const { name, address, deviceId } = trier;
  if (deviceId !== undefined) return { own: keyOf('device', deviceId) };
  return { own: keyOf('name and address', name, address), name: keyOf('name', name), address };
}

/** A key of one length, whatever was typed. */
function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
