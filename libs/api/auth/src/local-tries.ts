import { DomainError, limits } from '@cloudhop/api/platform';
import type { CountedTry, FreeTries, TryKeys, TryOutcome } from './log-in-tries';

/** Tries are forgotten so long after the last one. */
export const triesTtlMs = 3_600_000;
/** Names counted for one address: the delay has long reached its maximum. */
export const maxWrongNames = 200;

/** Counters that a node holds, of some 100 bytes each. To make it forget one, a guesser needs as many tries. */
const maxCounters = 50_000;
const maxAddresses = 10_000;

interface LocalTry extends CountedTry {
  end: (outcome: TryOutcome) => void;
}

interface Counter {
  tries: number;
  waitUntil: number;
}

/** Tries in the memory of this node. */
export class LocalTries {
  readonly #own: RecentMap<Counter>;
  readonly #names: RecentMap<Counter>;
  readonly #wrongNames: RecentMap<Set<string>>;

  constructor(private readonly now: () => number) {
    this.#own = new RecentMap(maxCounters, now);
    this.#names = new RecentMap(maxCounters, now);
    this.#wrongNames = new RecentMap(maxAddresses, now);
  }

  /** Counts a try, as `add` does. Throws rate_limited if it has to wait. */
  begin(keys: TryKeys, free: FreeTries): LocalTry {
    const waitUntil = Math.max(...this.#countersOf(keys).map(([map, key]) => map.get(key)?.waitUntil ?? 0));
    const waitMs = waitUntil - this.now();
    if (waitMs > 0) throw new DomainError('rate_limited', { retryAfterMs: Math.ceil(waitMs) });
    return this.add(keys, free);
  }

  /** Counts a try, whether it has to wait or not. */
  add(keys: TryKeys, free: FreeTries): LocalTry {
    const { own, stranger } = keys;
    const counted = this.#countersOf(keys).map(([map, key], index) => {
      const [freeTries, maxWaitMs] = index === 0 ? [free.own, limits.logInWaitMs] : [free.name, limits.nameLogInWaitMs];
      const tries = (map.get(key)?.tries ?? 0) + 1;
      const waitUntil = this.now() + waitAfter(tries - freeTries, maxWaitMs);
      map.set(key, { tries, waitUntil });
      return { map, key, waitUntil };
    });
    return {
      wrongNames: stranger === undefined ? 0 : (this.#wrongNames.get(stranger.address)?.size ?? 0),
      end: (outcome) => {
        if (stranger && outcome === 'wrong') this.#addWrongName(stranger);
        if (stranger && outcome === 'right') this.#wrongNames.get(stranger.address)?.delete(stranger.name);
        if (outcome === 'wrong') return;
        const tries = outcome === 'undone' ? 1 : (this.#own.get(own)?.tries ?? 0);
        for (const { map, key, waitUntil } of counted) takeBack(map, key, tries, waitUntil);
      },
    };
  }

  #countersOf({ own, stranger }: TryKeys): [map: RecentMap<Counter>, key: string][] {
    return stranger === undefined
      ? [[this.#own, own]]
      : [
          [this.#own, own],
          [this.#names, stranger.name],
        ];
  }

  #addWrongName({ address, name }: { address: string; name: string }): void {
    const names = this.#wrongNames.get(address) ?? new Set();
    if (names.size < maxWrongNames) names.add(name);
    this.#wrongNames.set(address, names);
  }
}

/** Returns the wait after a number of tries beyond the free ones: 1 s after the last free try, then twice as long each time. */
function waitAfter(paidTries: number, maxMs: number): number {
  return paidTries < 0 ? 0 : Math.min(1_000 * 2 ** Math.min(paidTries, 30), maxMs);
}

/** Uncounts `tries` tries, and lifts their wait if it still ends at `waitUntil`: that of a later try stays. */
function takeBack(map: RecentMap<Counter>, key: string, tries: number, waitUntil: number): void {
  const counter = map.get(key);
  if (!counter) return;
  counter.tries -= tries;
  if (counter.waitUntil === waitUntil) counter.waitUntil = 0;
  if (counter.tries <= 0) map.delete(key);
}

/** Bounded map that forgets an entry triesTtlMs after it was set last. */
class RecentMap<V> {
  /** In the order in which they were set last. */
  readonly #entries = new Map<string, { value: V; expiresAt: number }>();

  constructor(
    private readonly maxSize: number,
    private readonly now: () => number,
  ) {}

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.expiresAt > this.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt: this.now() + triesTtlMs });
    if (this.#entries.size <= this.maxSize) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest!);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
