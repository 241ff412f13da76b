import type { StoredWrite } from '../storage/client-storage';
import type { OutboxEntry } from '../core/state';
import { wholeWrite } from '../core/writes';
import type { CoreRunner } from './core-runner';
import type { MessageIds } from './message-ids';
import type { ClientOptions } from './options';
import { StorageWriter } from './storage-writer';

/** The current user's storage on this device, which the tabs share. Without one, everything stays in memory. */
export class StorageSession {
  #writer: StorageWriter | undefined;

  constructor(
    private readonly options: Pick<ClientOptions, 'storage' | 'channel'>,
    private readonly core: Pick<CoreRunner, 'state' | 'dispatch'>,
    private readonly ids: MessageIds,
  ) {}

  /** Listens to the other tabs, and dispatches the stored state of the device's last user, if there is one. */
  async restoreLastUser(): Promise<void> {
    this.options.channel?.listen((message) => this.#tabMessageReceived(message));
    const last = await this.options.storage.lastUser().catch(this.#storageRefused);
    if (!last) return;
    const snapshot = await this.#open(last.userId);
    this.core.dispatch({ type: 'restored', ...last, ...(snapshot && { snapshot }) });
  }

  /** Opens a user's storage, and dispatches its state. */
  async load(userId: string): Promise<void> {
    const snapshot = await this.#open(userId);
    this.core.dispatch({ type: 'restored', userId, ...(snapshot && { snapshot }) });
  }

  /** Deletes everything stored of the user, and makes the other tabs stop storing. */
  wipe(userId: string): void {
    this.options.channel?.post({ type: 'wiped', userId });
    void this.#detach()?.wipe();
  }

  /** Stops storing. Keeps what is stored for the user's next log-in. */
  leave(): void {
    void this.#detach()?.close();
  }

  write(write: StoredWrite): void {
    if (write.kind === 'personal') this.#rememberUser();
    this.#writer?.write(write);
  }

  storeEntry(entry: OutboxEntry): void {
    if (this.#writer) return this.#writer.storeEntry(entry);
    queueMicrotask(() => this.core.dispatch({ type: 'entryStored', entryId: entry.entryId }));
  }

  dropEntry(entryId: string): void {
    this.#writer?.dropEntry(entryId);
  }

  /** Reads the outbox as the lane's last holder left it in storage, then dispatches the claim. */
  takeOver(conversationId: string, claimId: number): void {
    const { dispatch, state } = this.core;
    const claimed = () => dispatch({ type: 'claimed', conversationId, claimId });
    const {
      account: { userId },
    } = state;
    if (!this.#writer || userId === undefined) return claimed();
    const loaded = (entries: readonly OutboxEntry[]) =>
      dispatch({ type: 'outboxLoaded', userId, entries, conversationId });
    this.#writer.takeOver(loaded, claimed);
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    this.options.channel?.close();
    await this.#writer?.close();
  }

  async #open(userId: string) {
    const storage = await this.options.storage.open(userId).catch(this.#storageRefused);
    if (!storage) return undefined;
    this.#writer = new StorageWriter(storage, {
      entryStored: (entryId) => this.core.dispatch({ type: 'entryStored', entryId }),
      outboxChanged: () => this.options.channel?.post({ type: 'outbox', userId }),
      wholeWrite: (conversationId) => wholeWrite(this.core.state, conversationId),
      broken: this.#storageRefused,
    });
    const snapshot = await this.#writer.load();
    for (const { entryId } of snapshot?.outbox ?? []) this.ids.goAbove(entryId);
    return snapshot;
  }

  #detach(): StorageWriter | undefined {
    const writer = this.#writer;
    this.#writer = undefined;
    void this.options.storage.setLastUser(undefined).catch(() => undefined);
    return writer;
  }

  #rememberUser(): void {
    const {
      account: { userId, lobbyId },
    } = this.core.state;
    if (userId === undefined) return;
    const last = { userId, ...(lobbyId !== undefined && { lobbyId }) };
    void this.options.storage.setLastUser(last).catch(() => undefined);
  }

  #tabMessageReceived(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message) || !('userId' in message)) return;
    const {
      account: { userId },
    } = this.core.state;
    if (userId === undefined || message.userId !== userId) return;
    if (message.type === 'outbox')
      this.#writer?.readOutbox((entries) => this.core.dispatch({ type: 'outboxLoaded', userId, entries }));
    // Another tab logged out. The server ends this tab's session; nothing more may be stored here.
    if (message.type === 'wiped') this.#writer = undefined;
  }

  readonly #storageRefused = (): undefined => void this.core.dispatch({ type: 'storageRefused' });
}
