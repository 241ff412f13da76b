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
    try {
      this.storage.setItem(this.#prefix + entry.entryId, this.#textOf(entry));
    } catch {
      // There is no room: the database alone has to do.
    }
  }

  forget(entry: OutboxEntry): void {
    if (this.storage.getItem(this.#prefix + entry.entryId) === this.#textOf(entry)) this.drop(entry.entryId);
  }

  drop(entryId: string): void {
    this.storage.removeItem(this.#prefix + entryId);
  }

  all(): OutboxEntry[] {
    return this.#keys().flatMap((key) => {
      const note = readNote(this.storage.getItem(key));
      if (note?.generation === this.generation) return [note.entry];
      if (!note || note.generation < this.generation) this.storage.removeItem(key);
      return [];
    });
  }

  clear(): void {
    for (const key of this.#keys()) this.storage.removeItem(key);
  }

  #textOf(entry: OutboxEntry): string {
    return JSON.stringify({ generation: this.generation, entry } satisfies Note);
  }

  #keys(): string[] {
    const keys = Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i));
    return keys.filter((key) => key?.startsWith(this.#prefix) === true) as string[];
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
