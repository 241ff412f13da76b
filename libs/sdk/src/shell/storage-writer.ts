import type { OutboxEntry } from '../core/state';
import {
  isLateEntry,
  type ConversationWrite,
  type Snapshot,
  type StoredWrite,
  type UserStorage,
} from '../storage/client-storage';

export interface StorageEvents {
  entryStored(entryId: string): void;
  /** Reports a change of the outbox to other tabs. */
  outboxChanged(): void;
  /** Returns the whole of a conversation, for a storage that fell behind. */
  wholeWrite(conversationId: string): ConversationWrite | undefined;
  /** Reports that storage has failed: nothing is stored any more. */
  broken(): void;
}

/** Writes to one user's storage in order. If the storage fails, the client goes on in memory. */
export class StorageWriter {
  #pending: StoredWrite[] = [];
  readonly #dropping = new Set<string>();
  #isWriting = false;
  #isBroken = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly storage: UserStorage,
    private readonly events: StorageEvents,
  ) {}

  /**
   * Returns what is stored, with the journal of a page that ended before it stored everything. Undefined if there is
   * neither.
   */
  async load(): Promise<Snapshot | undefined> {
    const snapshot = await this.storage.load().catch(() => this.#broken());
    const outbox = this.#withJournal(snapshot?.outbox ?? []);
    return snapshot || outbox.length > 0 ? { conversations: [], users: [], ...snapshot, outbox } : undefined;
  }

  /** Reads the outbox in order with the writes, without entries that are being dropped. */
  readOutbox(tell: (entries: readonly OutboxEntry[]) => void): void {
    this.#after(async () => {
      const entries = await this.#loadOutbox();
      if (entries) tell(entries);
    });
  }

  /** As readOutbox, with the journal, for a tab that takes over sending. Calls `done` also if nothing can be read. */
  takeOver(tell: (entries: readonly OutboxEntry[]) => void, done: () => void): void {
    this.#after(async () => {
      const entries = await this.#loadOutbox();
      if (entries) tell(this.#withJournal(entries));
      done();
    });
  }

  write(write: StoredWrite): void {
    if (this.#isBroken) return;
    this.#pending.push(write);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#after(() => this.#flush());
  }

  /** Writes a text into the journal before this returns. Reports `entryStored` when the entry may leave. */
  storeEntry(entry: OutboxEntry): void {
    if ('body' in entry && entry.state === 'waiting') this.storage.journal.write(entry);
    this.#after(async () => {
      if (!this.#isBroken) await this.#put(entry).catch(() => this.#broken());
      // Also without a storage: an entry must leave, and memory is all there is.
      this.events.entryStored(entry.entryId);
      this.events.outboxChanged();
    });
  }

  dropEntry(entryId: string): void {
    this.#dropping.add(entryId);
    this.storage.journal.remove(entryId);
    this.#after(async () => {
      if (!this.#isBroken) await this.storage.dropEntry(entryId).catch(() => this.#broken());
      this.#dropping.delete(entryId);
      this.events.outboxChanged();
    });
  }

  wipe(): Promise<unknown> {
    this.storage.journal.clear();
    this.#after(async () => {
      await this.storage.wipe().catch(() => this.#broken());
      this.storage.close();
    });
    return this.#queue;
  }

  /** Resolves when everything asked so far is written. */
  async close(): Promise<void> {
    await this.#queue;
    this.storage.close();
  }

  async #put(entry: OutboxEntry): Promise<void> {
    await this.storage.putEntry(entry);
    this.storage.journal.commit(entry);
  }

  async #loadOutbox(): Promise<OutboxEntry[] | undefined> {
    const entries = this.#isBroken ? undefined : await this.storage.loadOutbox().catch(() => this.#broken());
    return entries?.filter(({ entryId }) => !this.#dropping.has(entryId));
  }

  /** Returns the stored entries with their last state in the journal, and entries that only the journal has. */
  #withJournal(stored: readonly OutboxEntry[]): OutboxEntry[] {
    const entries = new Map(stored.map((entry) => [entry.entryId, entry]));
    for (const journaled of this.storage.journal.entries()) {
      if (isLateEntry(entries.get(journaled.entryId), journaled)) this.storage.journal.remove(journaled.entryId);
      else {
        entries.set(journaled.entryId, journaled);
        this.storeEntry(journaled);
      }
    }
    return [...entries.values()];
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0 && !this.#isBroken) {
      const writes = this.#pending;
      this.#pending = [];
      const verdicts = await this.storage.write(writes).catch(() => this.#broken());
      const behind = new Set<string>();
      verdicts?.forEach((verdict, i) => {
        const write = writes[i]!;
        if (verdict === 'behind' && write.kind === 'conversation') behind.add(write.conversationId);
      });
      for (const conversationId of behind) {
        const whole = this.events.wholeWrite(conversationId);
        if (whole) this.#pending.push(whole);
      }
    }
    this.#isWriting = false;
  }

  #after(work: () => Promise<unknown>): void {
    this.#queue = this.#queue.then(work);
  }

  #broken(): undefined {
    if (!this.#isBroken) this.events.broken();
    this.#isBroken = true;
    this.#pending = [];
    return undefined;
  }
}
