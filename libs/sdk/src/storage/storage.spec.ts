import 'fake-indexeddb/auto';
import type { Message } from '@cloudhop/contracts';
import type { OutboxEntry, Row } from '../core/state';
import { lobbyId, other } from '../testing/worlds';
import { storedRows, type ClientStorage, type ConversationWrite, type UserStorage } from './client-storage';
import { IndexedDbStorage } from './indexed-db-storage';
import { MemoryStorage } from './memory-storage';

function aRow(seq: number, rev = seq, body = `m${seq}`): Row {
  const id = `01900000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
  const createdAt = '2026-01-01T00:00:00.000Z';
  const message: Message = {
    conversationId: lobbyId,
    id,
    seq,
    rev,
    authorId: other,
    body,
    createdAt,
    reactions: [],
    attachments: [],
  };
  return { message, mine: [] };
}

function aWrite(fromRev: number | undefined, toRev: number, rows: readonly Row[], first = 1): ConversationWrite {
  const seq = Math.max(0, ...rows.map(({ message }) => message.seq));
  const conversation = {
    id: lobbyId,
    kind: 'lobby',
    slowModeMs: 0,
    seq,
    rev: toRev,
    floorSeq: 0,
    role: 'member',
  } as const;
  return {
    kind: 'conversation',
    conversationId: lobbyId,
    epoch: 'e',
    ...(fromRev !== undefined && { fromRev }),
    toRev,
    replace: fromRev === undefined,
    head: { conversation, cursor: toRev, epoch: 'e', first, hasBefore: false, readSeq: 0, hasUnknown: false },
    rows,
    users: [],
  };
}

const bodies = async (storage: UserStorage) =>
  (await storage.load()).conversations[0]?.rows.map(({ message }) => message.body);
const cursor = async (storage: UserStorage) => (await storage.load()).conversations[0]?.cursor;

describe.each<[string, () => ClientStorage]>([
  ['memory', () => new MemoryStorage()],
  ['IndexedDB', () => new IndexedDbStorage()],
])('storage in %s', (name, make) => {
  let users = 0;
  const aUser = () => `${name}-${++users}`;

  it('gives back what was written, rows and cursor together', async () => {
    const storage = await make().open(aUser());
    expect(await storage.write([aWrite(undefined, 2, [aRow(1), aRow(2)])])).toEqual(['stored']);
    expect(await bodies(storage)).toEqual(['m1', 'm2']);
    expect(await cursor(storage)).toBe(2);
  });

  it('drops a write that starts above the stored cursor, and says that it fell behind', async () => {
    const storage = await make().open(aUser());
    await storage.write([aWrite(undefined, 1, [aRow(1)])]);
    expect(await storage.write([aWrite(5, 6, [aRow(6)])])).toEqual(['behind']);
    expect(await cursor(storage)).toBe(1);
  });

  it('never lowers a rev, and stores no page that was read below the stored cursor', async () => {
    const storage = await make().open(aUser());
    await storage.write([aWrite(undefined, 9, [aRow(1, 9, 'edited')])]);
    expect(await storage.write([aWrite(3, 4, [aRow(1, 4, 'old')])])).toEqual(['stale']);
    expect(await storage.write([aWrite(9, 9, [aRow(1, 4, 'old')])])).toEqual(['stored']);
    expect(await storage.write([aWrite(undefined, 4, [aRow(1, 4, 'old')])])).toEqual(['stale']);
    expect(await bodies(storage)).toEqual(['edited']);
  });

  it('drops what a tab writes that does not know of the log-out yet', async () => {
    const shared = make();
    const user = aUser();
    const [here, there] = [await shared.open(user), await shared.open(user)];
    await there.write([aWrite(undefined, 1, [aRow(1)])]);
    await here.wipe();
    expect(await there.write([aWrite(undefined, 2, [aRow(1), aRow(2)])])).toEqual(['stale']);
    expect((await here.load()).conversations).toEqual([]);
    expect(await here.write([aWrite(undefined, 1, [aRow(1)])])).toEqual(['stored']);
  });

  it('changes an outbox entry, but does not bring one back that another tab has finished with', async () => {
    const shared = make();
    const user = aUser();
    const [here, there] = [await shared.open(user), await shared.open(user)];
    await here.putEntry({ entryId: 'one', isStored: false } as never);
    await here.putEntry({ entryId: 'one', isStored: true, seq: 1 } as never);
    expect(await there.loadOutbox()).toEqual([{ entryId: 'one', isStored: true, seq: 1 }]);
    await there.dropEntry('one');
    await here.putEntry({ entryId: 'one', isStored: true, seq: 2 } as never);
    expect(await there.loadOutbox()).toEqual([]);
  });

  it('does not take an outbox entry back behind what another tab has made of it', async () => {
    const shared = make();
    const user = aUser();
    const [here, there] = [await shared.open(user), await shared.open(user)];
    const sent = { entryId: 'one', owner: 'there', state: 'sent', touchedAt: 2 } as never;
    await there.putEntry(sent);
    await here.putEntry({ entryId: 'one', owner: 'here', state: 'waiting', touchedAt: 1 } as never);
    expect(await here.loadOutbox()).toEqual([sent]);
  });

  it('keeps no outbox entry of a tab that does not know of the log-out yet', async () => {
    const shared = make();
    const user = aUser();
    const [here, there] = [await shared.open(user), await shared.open(user)];
    await here.wipe();
    await there.putEntry({ entryId: 'late' } as never);
    expect(await here.loadOutbox()).toEqual([]);
  });

  it('keeps the latest rows only, and nothing below a hole', async () => {
    const storage = await make().open(aUser());
    const rows = Array.from({ length: storedRows + 10 }, (_, i) => aRow(i + 1));
    await storage.write([aWrite(undefined, rows.length, rows)]);
    const kept = (await storage.load()).conversations[0]!;
    expect(kept.rows).toHaveLength(storedRows);
    expect(kept.hasBefore).toBe(true);
    await storage.write([aWrite(rows.length, rows.length + 5, [aRow(rows.length + 5)])]);
    expect(await bodies(storage)).toEqual([`m${rows.length + 5}`]);
  });

  it('forgets rows below what the latest writer follows: nobody would tell it of their changes', async () => {
    const storage = await make().open(aUser());
    await storage.write([aWrite(undefined, 3, [aRow(1), aRow(2), aRow(3)])]);
    await storage.write([aWrite(3, 4, [aRow(4)], 3)]);
    expect(await bodies(storage)).toEqual(['m3', 'm4']);
  });

  it('remembers whom to draw first', async () => {
    const storage = make();
    await storage.setLastUser({ userId: other, lobbyId });
    expect(await storage.lastUser()).toEqual({ userId: other, lobbyId });
    await storage.setLastUser(undefined);
    expect(await storage.lastUser()).toBeUndefined();
  });
});

describe('the outbox journal', () => {
  const entry = { entryId: 'one', body: 'hello', touchedAt: 1 } as OutboxEntry;
  let users = 0;
  const aDevice = () => {
    const local = aLocalStorage();
    const storage = new IndexedDbStorage(local);
    const user = `noted-${++users}`;
    return { local, open: () => storage.open(user), another: () => storage.open(`${user}-other`) };
  };

  it('are for the next one, of the same user', async () => {
    const { open, another } = aDevice();
    (await open()).journal.write(entry);
    expect((await another()).journal.entries()).toEqual([]);
    expect((await open()).journal.entries()).toEqual([entry]);
  });

  it('are forgotten once they are stored as they are', async () => {
    const { journal } = await aDevice().open();
    journal.write(entry);
    const amended = { ...entry, body: 'hello again' };
    journal.write(amended);
    journal.commit(entry);
    expect(journal.entries()).toEqual([amended]);
    journal.commit(amended);
    expect(journal.entries()).toEqual([]);
  });

  it('of a log-in are nothing to the next one', async () => {
    const { local, open } = aDevice();
    const [here, there] = [await open(), await open()];
    await here.wipe();
    there.journal.write(entry);
    const next = await open();
    next.journal.write({ ...entry, entryId: 'two' });
    expect(there.journal.entries()).toEqual([entry]);
    expect(next.journal.entries()).toMatchObject([{ entryId: 'two' }]);
    expect(local).toHaveLength(1);
    next.journal.clear();
    expect(local).toHaveLength(0);
  });

  it('that are none, and no room for more, are no trouble', async () => {
    const { local, open } = aDevice();
    const { journal } = await open();
    journal.write(entry);
    const key = local.key(0)!;
    for (const text of ['{oops', 'null', '7', '{"generation":0}']) {
      local.setItem(key, text);
      expect(journal.entries()).toEqual([]);
      expect(local).toHaveLength(0);
    }
    local.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    expect(() => journal.write(entry)).not.toThrow();
  });
});

/** As much of a browser's localStorage as is used. */
function aLocalStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}
