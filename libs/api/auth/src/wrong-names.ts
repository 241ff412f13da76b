interface Entry {
  readonly names: Set<string>;
  expiresAt: number;
}

const hourMs = 3_600_000;
const maxAddresses = 10_000;
/** Names counted for one address: the delay has long reached its maximum. */
const maxNames = 200;

/** Bounded counter of the distinct names that each address has tried with a wrong password within an hour. */
export class WrongNames {
  readonly #addresses = new Map<string, Entry>();

  constructor(private readonly now: () => number) {}

  count(address: string): number {
    return this.#find(address)?.names.size ?? 0;
  }

  add(address: string, name: string): void {
    const entry = this.#find(address) ?? { names: new Set(), expiresAt: 0 };
    if (entry.names.size < maxNames) entry.names.add(name);
    entry.expiresAt = this.now() + hourMs;
    this.#addresses.delete(address);
    this.#addresses.set(address, entry);
    if (this.#addresses.size <= maxAddresses) return;
    const [oldest] = this.#addresses.keys();
    this.#addresses.delete(oldest!);
  }

  remove(address: string, name: string): void {
    this.#find(address)?.names.delete(name);
  }

  #find(address: string): Entry | undefined {
    const entry = this.#addresses.get(address);
    if (entry && entry.expiresAt > this.now()) return entry;
    this.#addresses.delete(address);
    return undefined;
  }
}
