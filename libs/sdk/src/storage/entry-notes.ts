import type { OutboxEntry } from '../core/state';
import type { EntryNotes } from './client-storage';

interface Note {
  readonly generation: number;
  readonly entry: OutboxEntry;
}

/** Notes in the browser's localStorage. Of the users of a device, and of their log-ins, each has its own. */
export class LocalNotes implements EntryNotes {
  readonly #prefix: string;

  /** `generation`: as UserStorage counts them. Notes of an earlier one are thrown away. */
  constructor(
    private readonly storage: Storage,
    userId: string,
    private readonly generation: number,
  ) {
    this.#prefix = `cloudhop-outbox.${userId}.`;
  }

  keep(entry: OutboxEntry): void {
    // If there is no room or no permission, only the database has the entry.
    this.#try(() => this.storage.setItem(this.#prefix + entry.entryId, this.#textOf(entry)));
  }

  forget(entry: OutboxEntry): void {
    if (this.#read(this.#prefix + entry.entryId) === this.#textOf(entry)) this.drop(entry.entryId);
  }

  drop(entryId: string): void {
    this.#try(() => this.storage.removeItem(this.#prefix + entryId));
  }

  all(): OutboxEntry[] {
    return this.#keys().flatMap((key) => {
      const note = readNote(this.#read(key));
      if (note?.generation === this.generation) return [note.entry];
      if (!note || note.generation < this.generation) this.#try(() => this.storage.removeItem(key));
      return [];
    });
  }

  clear(): void {
    for (const key of this.#keys()) this.#try(() => this.storage.removeItem(key));
  }

  #textOf(entry: OutboxEntry): string {
    return JSON.stringify({ generation: this.generation, entry } satisfies Note);
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

function readNote(text: string | null): Note | undefined {
  try {
    const note = JSON.parse(text ?? '') as Note;
    return typeof note.entry.entryId === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}
