import type { OutboxEntry } from '../core/state';
import type { OutboxJournal } from './client-storage';

interface JournalRecord {
  readonly generation: number;
  readonly entry: OutboxEntry;
}

/** Outbox journal in the browser's localStorage. Each user of a device has one, and each of their log-ins. */
export class LocalStorageJournal implements OutboxJournal {
  readonly #prefix: string;

  /** `generation`: as UserStorage counts them. Records of an earlier one are removed. */
  constructor(
    private readonly storage: Storage,
    userId: string,
    private readonly generation: number,
  ) {
    this.#prefix = `cloudhop-outbox.${userId}.`;
  }

  write(entry: OutboxEntry): void {
    // If there is no room or no permission, only the database has the entry.
    this.#try(() => this.storage.setItem(this.#prefix + entry.entryId, this.#textOf(entry)));
  }

  commit(entry: OutboxEntry): void {
    if (this.#read(this.#prefix + entry.entryId) === this.#textOf(entry)) this.remove(entry.entryId);
  }

  remove(entryId: string): void {
    this.#try(() => this.storage.removeItem(this.#prefix + entryId));
  }

  entries(): OutboxEntry[] {
    return this.#keys().flatMap((key) => {
      const record = readRecord(this.#read(key));
      if (record?.generation === this.generation) return [record.entry];
      if (!record || record.generation < this.generation) this.#try(() => this.storage.removeItem(key));
      return [];
    });
  }

  clear(): void {
    for (const key of this.#keys()) this.#try(() => this.storage.removeItem(key));
  }

  #textOf(entry: OutboxEntry): string {
    return JSON.stringify({ generation: this.generation, entry } satisfies JournalRecord);
  }

  #read(key: string): string | null {
    return this.#try(() => this.storage.getItem(key)) ?? null;
  }

  #keys(): string[] {
    const read = () => Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i));
    return (this.#try(read) ?? []).filter((key) => key?.startsWith(this.#prefix) === true) as string[];
  }

  /** Runs `work`, and returns undefined if it throws: a browser can revoke storage at any time. */
  #try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }
}

function readRecord(text: string | null): JournalRecord | undefined {
  try {
    const record = JSON.parse(text ?? '') as JournalRecord;
    return typeof record.entry.entryId === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}
