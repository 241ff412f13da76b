import type { OutboxEntry } from '../core/state';
import type { ConversationWrite, Snapshot, StoredWrite, UserStorage } from '../storage/client-storage';

export interface StorageEvents {
  entryStored(entryId: string): void;
  /** Other tabs should look at the outbox. */
  outboxChanged(): void;
  /** The whole of a conversation as it is now, for a storage that fell behind. */
  wholeWrite(conversationId: string): ConversationWrite | undefined;
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

  async load(): Promise<Snapshot | undefined> {
    return this.storage.load().catch(() => this.#broken());
  }

  /** Tells what the outbox holds, in its place among the writes: an entry on its way out does not come back. */
  readOutbox(tell: (entries: readonly OutboxEntry[]) => void, done?: () => void): void {
    this.#after(async () => {
      const entries = this.#isBroken ? undefined : await this.storage.loadOutbox().catch(() => this.#broken());
      if (entries) tell(entries.filter(({ entryId }) => !this.#dropping.has(entryId)));
      done?.();
    });
  }

  write(write: StoredWrite): void {
    if (this.#isBroken) return;
    this.#pending.push(write);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#after(() => this.#flush());
  }

  /** New words are safe when this returns; what else is stored of an entry is safe once it is told. */
  storeEntry(entry: OutboxEntry): void {
    if (!entry.isStored && entry.body !== undefined && !this.#isBroken) this.storage.noteEntry(entry);
    this.#after(async () => {
      if (!this.#isBroken) await this.storage.putEntry(entry).catch(() => this.#broken());
      // Also without a storage: an entry must leave, and memory is all there is.
      this.events.entryStored(entry.entryId);
      this.events.outboxChanged();
    });
  }

  dropEntry(entryId: string): void {
    this.#dropping.add(entryId);
    this.#after(async () => {
      if (!this.#isBroken) await this.storage.dropEntry(entryId).catch(() => this.#broken());
      this.#dropping.delete(entryId);
      this.events.outboxChanged();
    });
  }

  wipe(): Promise<unknown> {
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
    this.#isBroken = true;
    this.#pending = [];
    return undefined;
  }
}
