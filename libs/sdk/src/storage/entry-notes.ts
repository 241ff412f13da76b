import type { OutboxEntry } from '../core/state';

const prefix = 'cloudhop.unstored.';

/**
 * The words of entries that are still on their way into the database, kept at once: the page that took them may be gone
 * in the next moment. `storage` is the browser's localStorage; without one nothing is kept here.
 */
export class EntryNotes {
  readonly #prefix: string;

  constructor(
    private readonly storage: Storage | undefined,
    userId: string,
  ) {
    this.#prefix = `${prefix}${userId}.`;
  }

  keep(entry: OutboxEntry): void {
    try {
      this.storage?.setItem(this.#prefix + entry.entryId, JSON.stringify(entry));
    } catch {
      // It is full: the database alone has to do.
    }
  }

  forget(entryId: string): void {
    this.storage?.removeItem(this.#prefix + entryId);
  }

  all(): OutboxEntry[] {
    return this.#keys().map((key) => JSON.parse(this.storage!.getItem(key)!) as OutboxEntry);
  }

  clear(): void {
    for (const key of this.#keys()) this.storage!.removeItem(key);
  }

  #keys(): string[] {
    const { storage } = this;
    if (!storage) return [];
    return Array.from({ length: storage.length }, (_, i) => storage.key(i)!).filter((key) => key.startsWith(this.#prefix));
  }
}
