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
  /** Other tabs should look at the outbox. */
  outboxChanged(): void;
  /** The whole of a conversation as it is now, for a storage that fell behind. */
  wholeWrite(conversationId: string): ConversationWrite | undefined;
  /** Storage has failed: nothing is stored any more. */
  broken(): void;
}

/** Writes to one user's storage in order. A storage that fails is done without: the client goes on in memory. */
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

  /** What is stored, and what a page noted that was gone before it was stored; undefined when there is nothing of either. */
  async load(): Promise<Snapshot | undefined> {
    const snapshot = await this.storage.load().catch(() => this.#broken());
    const outbox = this.#withNoted(snapshot?.outbox ?? []);
    return snapshot || outbox.length > 0 ? { conversations: [], users: [], ...snapshot, outbox } : undefined;
  }

  /** Tells what the outbox holds, in its place among the writes: an entry on its way out does not come back. */
  readOutbox(tell: (entries: readonly OutboxEntry[]) => void): void {
    this.#after(async () => {
      const entries = await this.#loadOutbox();
      if (entries) tell(entries);
    });
  }

  /** As readOutbox, for a tab that goes on for whoever drained before; `done` comes also when nothing can be read. */
  takeOver(tell: (entries: readonly OutboxEntry[]) => void, done: () => void): void {
    this.#after(async () => {
      const entries = await this.#loadOutbox();
      if (entries) tell(this.#withNoted(entries));
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

  /** What was said is noted before this returns; `entryStored` tells that the entry may leave. */
  storeEntry(entry: OutboxEntry): void {
    if ('body' in entry && entry.state === 'waiting') this.storage.notes.keep(entry);
    this.#after(async () => {
      if (!this.#isBroken) await this.#put(entry).catch(() => this.#broken());
      // Also without a storage: an entry must leave, and memory is all there is.
      this.events.entryStored(entry.entryId);
      this.events.outboxChanged();
    });
  }

  dropEntry(entryId: string): void {
    this.#dropping.add(entryId);
    this.storage.notes.drop(entryId);
    this.#after(async () => {
      if (!this.#isBroken) await this.storage.dropEntry(entryId).catch(() => this.#broken());
      this.#dropping.delete(entryId);
      this.events.outboxChanged();
    });
  }

  wipe(): Promise<unknown> {
    this.storage.notes.clear();
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
    this.storage.notes.forget(entry);
  }

  async #loadOutbox(): Promise<OutboxEntry[] | undefined> {
    const entries = this.#isBroken ? undefined : await this.storage.loadOutbox().catch(() => this.#broken());
    return entries?.filter(({ entryId }) => !this.#dropping.has(entryId));
  }

  /** The entries with what was noted of them last, and others that were noted only. */
  #withNoted(stored: readonly OutboxEntry[]): OutboxEntry[] {
    const entries = new Map(stored.map((entry) => [entry.entryId, entry]));
    for (const noted of this.storage.notes.all()) {
      if (isLateEntry(entries.get(noted.entryId), noted)) this.storage.notes.drop(noted.entryId);
      else {
        entries.set(noted.entryId, noted);
        this.storeEntry(noted);
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
