import type { EntryIn, EntryOf, OutboxEntry } from '../core/outbox-entry';
import { MemoryStorage } from '../storage/memory-storage';
import type { OutboxJournal, UserStorage } from '../storage/client-storage';
import { StorageWriter } from './storage-writer';

const head = { entryId: 'a', conversationId: 'c', isStored: false, touchedAt: 1 };
const entry = { ...head, kind: 'react' } as EntryOf<'react'>;
const said = { ...head, kind: 'send', body: 'hello', state: 'waiting' } as EntryOf<'send'> & EntryIn<'waiting'>;
const bodyOf = (each: OutboxEntry | undefined) => (each?.kind === 'send' ? each.body : undefined);

function aWriter(storage: UserStorage) {
  const stored: string[] = [];
  const events = {
    entryStored: (id: string) => void stored.push(id),
    outboxChanged: () => undefined,
    wholeWrite: () => undefined,
    broken: () => undefined,
  };
  return { writer: new StorageWriter(storage, events), stored };
}

describe('the writer of a storage', () => {
  it('does not bring back an entry that is on its way out', async () => {
    const { writer } = aWriter(await new MemoryStorage().open('user'));
    const seen: string[][] = [];
    const read = () => writer.readOutbox((entries) => seen.push(entries.map(({ entryId }) => entryId)));
    writer.storeEntry(entry);
    read();
    await writer.close();
    read();
    writer.dropEntry('a');
    await writer.close();
    expect(seen).toEqual([['a'], []]);
  });

  it('lets entries leave also where nothing can be stored', async () => {
    const broken = await new MemoryStorage().open('user');
    broken.putEntry = () => Promise.reject(new Error('quota'));
    const { writer, stored } = aWriter(broken);
    writer.storeEntry(entry);
    writer.storeEntry({ ...entry, entryId: 'b' });
    await writer.close();
    expect(stored).toEqual(['a', 'b']);
  });

  it('writes what was said into the journal at once, until it is stored', async () => {
    const { storage, journaled } = await aJournaledStorage();
    const { writer } = aWriter(storage);
    writer.storeEntry(said);
    expect(journaled()).toEqual(['a']);
    writer.storeEntry({ ...said, entryId: 'sending', state: 'sending' });
    writer.storeEntry({ ...entry, entryId: 'reaction', state: 'waiting' });
    expect(journaled()).toEqual(['a']);
    await writer.close();
    expect(journaled()).toEqual([]);
  });

  it('keeps the journal of what was changed before it was stored', async () => {
    const { storage, journaled } = await aJournaledStorage();
    const { writer } = aWriter(storage);
    writer.storeEntry(said);
    storage.putEntry = () => Promise.reject(new Error('gone'));
    writer.storeEntry({ ...said, body: 'hello again', isStored: true, touchedAt: 2 });
    await writer.close();
    expect(journaled()).toEqual(['a']);
  });

  it('gives the journal of a page to the next one, and stores it', async () => {
    const { storage, journaled } = await aJournaledStorage();
    await storage.putEntry({ ...said, entryId: 'b' });
    storage.journal.write(said);
    storage.journal.write({ ...said, entryId: 'b', body: 'said otherwise', isStored: true, touchedAt: 2 });
    const { writer } = aWriter(storage);
    const outbox = (await writer.load())?.outbox ?? [];
    expect(outbox.map((each) => [each.entryId, bodyOf(each)])).toEqual([
      ['b', 'said otherwise'],
      ['a', 'hello'],
    ]);
    await writer.close();
    expect(journaled()).toEqual([]);
    expect(await storage.loadOutbox()).toHaveLength(2);
  });

  it('gives it to a tab that takes over, but not to one that only looks', async () => {
    const { storage } = await aJournaledStorage();
    storage.journal.write(said);
    const { writer } = aWriter(storage);
    const seen: number[] = [];
    writer.readOutbox((entries) => seen.push(entries.length));
    writer.takeOver(
      (entries) => seen.push(entries.length),
      () => seen.push(-1),
    );
    await writer.close();
    expect(seen).toEqual([0, 1, -1]);
  });

  it('drops a journal entry that another tab has finished with', async () => {
    const { storage, journaled } = await aJournaledStorage();
    storage.journal.write({ ...said, isStored: true });
    const { writer } = aWriter(storage);
    expect((await writer.load())?.outbox).toEqual([]);
    expect(journaled()).toEqual([]);
  });

  it('has the journal alone where nothing can be read, until its entries are done', async () => {
    const { storage, journaled } = await aJournaledStorage();
    storage.load = () => Promise.reject(new Error('gone'));
    storage.journal.write(said);
    const { writer } = aWriter(storage);
    expect((await writer.load())?.outbox).toEqual([said]);
    await writer.close();
    expect(journaled()).toEqual(['a']);
    writer.dropEntry('a');
    expect(journaled()).toEqual([]);
  });

  it('clears the journal at once when everything is wiped', async () => {
    const { storage, journaled } = await aJournaledStorage();
    const { writer } = aWriter(storage);
    writer.storeEntry(said);
    const wiped = writer.wipe();
    expect(journaled()).toEqual([]);
    await wiped;
  });
});

/** A storage whose journal can be looked at. */
async function aJournaledStorage() {
  const written = new Map<string, OutboxEntry>();
  const storage: UserStorage = Object.assign(await new MemoryStorage().open('user'), {
    journal: {
      write: (entry) => void written.set(entry.entryId, entry),
      commit: (entry) => void (bodyOf(written.get(entry.entryId)) === bodyOf(entry) && written.delete(entry.entryId)),
      remove: (entryId) => void written.delete(entryId),
      entries: () => [...written.values()],
      clear: () => written.clear(),
    } satisfies OutboxJournal,
  });
  return { storage, journaled: () => [...written.keys()] };
}
