import type { OutboxEntry } from '../core/state';
import type {
  ClientStorage,
  ConversationWrite,
  OutboxJournal,
  Snapshot,
  StoredWrite,
  UserStorage,
  WriteVerdict,
} from './client-storage';
import { type StoredUser, applyConversation, applyEntry, applyPersonal, emptyUser, toSnapshot } from './stored-user';

/** Storage of a device in memory: for bots, tests and pages that may not store. Shared by the tabs of one device. */
export class MemoryStorage implements ClientStorage {
  readonly #users = new Map<string, StoredUser>();
  #last: { userId: string; lobbyId?: string } | undefined;

  async lastUser(): Promise<{ userId: string; lobbyId?: string } | undefined> {
    return this.#last;
  }

  async setLastUser(last: { userId: string; lobbyId?: string } | undefined): Promise<void> {
    this.#last = last;
  }

  async open(userId: string): Promise<UserStorage> {
    const user = this.#users.get(userId) ?? emptyUser();
    this.#users.set(userId, user);
    return new MemoryUserStorage(user, user.generation);
  }
}

/** Journal of a storage that does not outlive the page. */
export const noJournal: OutboxJournal = {
  write: () => undefined,
  commit: () => undefined,
  remove: () => undefined,
  entries: () => [],
  clear: () => undefined,
};

class MemoryUserStorage implements UserStorage {
  readonly journal = noJournal;

  constructor(
    private readonly user: StoredUser,
    private generation: number,
  ) {}

  async load(): Promise<Snapshot> {
    return toSnapshot(this.user);
  }

  async write(writes: readonly StoredWrite[]): Promise<WriteVerdict[]> {
    return writes.map((write) => {
      if (this.generation !== this.user.generation) return 'stale';
      return isConversation(write) ? applyConversation(this.user, write) : applyPersonal(this.user, write);
    });
  }

  async putEntry(entry: OutboxEntry): Promise<void> {
    if (this.generation === this.user.generation) applyEntry(this.user, entry);
  }

  async dropEntry(entryId: string): Promise<void> {
    this.user.outbox.delete(entryId);
  }

  async loadOutbox(): Promise<OutboxEntry[]> {
    return [...this.user.outbox.values()];
  }

  async wipe(): Promise<void> {
    const generation = this.user.generation + 1;
    Object.assign(this.user, emptyUser(), { generation });
    this.generation = generation;
  }

  close(): void {
    // Nothing is held.
  }
}

function isConversation(write: StoredWrite): write is ConversationWrite {
  return write.kind === 'conversation';
}
