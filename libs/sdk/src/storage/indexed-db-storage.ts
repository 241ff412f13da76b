import type { User } from '@cloudhop/contracts';
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { OutboxEntry, Row } from '../core/state';
import {
  type ClientStorage,
  type ConversationWrite,
  type OutboxJournal,
  type PersonalWrite,
  type Snapshot,
  type StoredConversation,
  type StoredPersonal,
  type StoredWrite,
  type UserStorage,
  type WriteVerdict,
  headToStore,
  isLateEntry,
  isNewerRow,
  judgePersonal,
  judgeWrite,
  personalToStore,
  withGone,
  withOwn,
} from './client-storage';
import { LocalStorageJournal } from './outbox-journal';
import { noJournal } from './memory-storage';
import { denseRows } from './stored-user';

interface UserSchema extends DBSchema {
  /** `generation` and `personal`. */
  facts: { key: string; value: number | StoredPersonal };
  conversations: { key: string; value: StoredConversation };
  rows: { key: [string, number]; value: Row };
  users: { key: string; value: User };
  outbox: { key: string; value: OutboxEntry };
}
const stores = ['facts', 'conversations', 'rows', 'users', 'outbox'] as const;
type Transaction = IDBPTransaction<UserSchema, (typeof stores)[number][], 'readwrite'>;

interface DeviceSchema extends DBSchema {
  last: { key: 'user'; value: { userId: string; lobbyId?: string } };
}

/** Storage in the browser: one database per user, and a small one with the last user. */
export class IndexedDbStorage implements ClientStorage {
  #device: Promise<IDBPDatabase<DeviceSchema>> | undefined;

  /** `local`: the browser's localStorage, for the outbox journal. */
  constructor(private readonly local?: Storage) {}

  async lastUser(): Promise<{ userId: string; lobbyId?: string } | undefined> {
    return (await this.#openDevice()).get('last', 'user');
  }

  async setLastUser(last: { userId: string; lobbyId?: string } | undefined): Promise<void> {
    const device = await this.#openDevice();
    if (last) await device.put('last', last, 'user');
    else await device.delete('last', 'user');
  }

  async open(userId: string): Promise<UserStorage> {
    const database = await openDB<UserSchema>(`cloudhop-${userId}`, 1, {
      upgrade: (fresh) => {
        for (const store of stores) fresh.createObjectStore(store);
      },
    });
    const generation = ((await database.get('facts', 'generation')) as number | undefined) ?? 0;
    const journal = this.local ? new LocalStorageJournal(this.local, userId, generation) : noJournal;
    return new IndexedDbUserStorage(database, journal, generation);
  }

  #openDevice(): Promise<IDBPDatabase<DeviceSchema>> {
    this.#device ??= openDB<DeviceSchema>('cloudhop', 1, { upgrade: (fresh) => void fresh.createObjectStore('last') });
    return this.#device;
  }
}

class IndexedDbUserStorage implements UserStorage {
  constructor(
    private readonly database: IDBPDatabase<UserSchema>,
    readonly journal: OutboxJournal,
    private generation: number,
  ) {}

  async load(): Promise<Snapshot> {
    const transaction = this.database.transaction([...stores]);
    const [personal, conversations, rows, users, outbox] = await Promise.all([
      transaction.objectStore('facts').get('personal'),
      transaction.objectStore('conversations').getAll(),
      transaction.objectStore('rows').getAll(),
      transaction.objectStore('users').getAll(),
      transaction.objectStore('outbox').getAll(),
    ]);
    const byConversation = Map.groupBy(rows, ({ message }) => message.conversationId);
    return {
      ...(personal !== undefined && { personal: personal as StoredPersonal }),
      conversations: conversations.map((stored) => ({
        ...stored,
        rows: denseRows(byConversation.get(stored.conversation.id) ?? []),
      })),
      users,
      outbox,
    };
  }

  /** Rows and cursor in one transaction. */
  async write(writes: readonly StoredWrite[]): Promise<WriteVerdict[]> {
    const transaction = this.database.transaction([...stores], 'readwrite');
    const verdicts: WriteVerdict[] = [];
    const isCurrent = await this.#isCurrent(transaction);
    for (const write of writes) {
      if (!isCurrent) verdicts.push('stale');
      else if (write.kind === 'conversation') verdicts.push(await putConversation(transaction, write));
      else verdicts.push(await putPersonal(transaction, write));
    }
    await transaction.done;
    return verdicts;
  }

  async putEntry(entry: OutboxEntry): Promise<void> {
    const transaction = this.database.transaction([...stores], 'readwrite');
    const outbox = transaction.objectStore('outbox');
    const isLate = isLateEntry(await outbox.get(entry.entryId), entry);
    if (!isLate && (await this.#isCurrent(transaction))) await outbox.put(entry, entry.entryId);
    await transaction.done;
  }

  async dropEntry(entryId: string): Promise<void> {
    await this.database.delete('outbox', entryId);
  }

  async loadOutbox(): Promise<OutboxEntry[]> {
    return this.database.getAll('outbox');
  }

  async wipe(): Promise<void> {
    const transaction = this.database.transaction([...stores], 'readwrite');
    const generation = ((await transaction.objectStore('facts').get('generation')) as number | undefined) ?? 0;
    for (const store of stores) await transaction.objectStore(store).clear();
    await transaction.objectStore('facts').put(generation + 1, 'generation');
    await transaction.done;
    this.generation = generation + 1;
  }

  close(): void {
    this.database.close();
  }

  async #isCurrent(transaction: Transaction): Promise<boolean> {
    const generation = ((await transaction.objectStore('facts').get('generation')) as number | undefined) ?? 0;
    return generation === this.generation;
  }
}

async function putConversation(transaction: Transaction, write: ConversationWrite): Promise<WriteVerdict> {
  const { conversationId: id, head } = write;
  const conversations = transaction.objectStore('conversations');
  const rows = transaction.objectStore('rows');
  const stored = await conversations.get(id);
  const personal = (await transaction.objectStore('facts').get('personal')) as StoredPersonal | undefined;
  const verdict = judgeWrite(stored, write, personal);
  if (verdict === 'stale' && stored) await conversations.put(withOwn(stored, head), id);
  if (verdict !== 'stored') return verdict;
  if (write.replace) await rows.delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
  for (const row of write.rows) {
    const key: [string, number] = [id, row.message.seq];
    if (isNewerRow(await rows.get(key), row)) await rows.put(row, key);
  }
  const next = headToStore(stored, head);
  if (stored === undefined || next.first > stored.first)
    await rows.delete(IDBKeyRange.bound([id, 0], [id, next.first], false, true));
  await conversations.put(next, id);
  // On another timeline, revs of profiles start again.
  await putUsers(transaction, write.users, stored !== undefined && stored.epoch !== write.epoch);
  return verdict;
}

async function putPersonal(transaction: Transaction, write: PersonalWrite): Promise<WriteVerdict> {
  const facts = transaction.objectStore('facts');
  const stored = (await facts.get('personal')) as StoredPersonal | undefined;
  const verdict = judgePersonal(stored, write);
  for (const id of write.gone) {
    await transaction.objectStore('conversations').delete(id);
    await transaction.objectStore('rows').delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
  }
  if (verdict !== 'stored') {
    if (stored && write.gone.length > 0) await facts.put(withGone(stored, write.gone), 'personal');
    return verdict;
  }
  const ids = new Set(await transaction.objectStore('conversations').getAllKeys());
  await facts.put(
    personalToStore(stored, write, (id) => ids.has(id)),
    'personal',
  );
  await putUsers(transaction, write.users, false);
  return verdict;
}

async function putUsers(transaction: Transaction, users: readonly User[], isForeign: boolean): Promise<void> {
  const store = transaction.objectStore('users');
  for (const user of users) {
    if (isForeign || ((await store.get(user.id))?.profileRev ?? 0) <= user.profileRev) await store.put(user, user.id);
  }
}
