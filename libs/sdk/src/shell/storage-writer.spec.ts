import type { EntryIn, EntryOf, OutboxEntry } from '../core/outbox-entry';
import { MemoryStorage } from '../storage/memory-storage';
import type { EntryNotes, UserStorage } from '../storage/client-storage';
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

  it('notes what was said at once, and until it is stored', async () => {
    const { storage, noted } = await aNotedStorage();
    const { writer } = aWriter(storage);
    writer.storeEntry(said);
    expect(noted()).toEqual(['a']);
    writer.storeEntry({ ...said, entryId: 'sending', state: 'sending' });
    writer.storeEntry({ ...entry, entryId: 'reaction', state: 'waiting' });
    expect(noted()).toEqual(['a']);
    await writer.close();
    expect(noted()).toEqual([]);
  });

  it('keeps the note of what was said otherwise before it was stored', async () => {
    const { storage, noted } = await aNotedStorage();
    const { writer } = aWriter(storage);
    writer.storeEntry(said);
    storage.putEntry = () => Promise.reject(new Error('gone'));
    writer.storeEntry({ ...said, body: 'hello again', isStored: true, touchedAt: 2 });
    await writer.close();
    expect(noted()).toEqual(['a']);
  });

  it('gives what a page noted to the next one, and stores it', async () => {
    const { storage, noted } = await aNotedStorage();
    await storage.putEntry({ ...said, entryId: 'b' });
    storage.notes.keep(said);
    storage.notes.keep({ ...said, entryId: 'b', body: 'said otherwise', isStored: true, touchedAt: 2 });
    const { writer } = aWriter(storage);
    const outbox = (await writer.load())?.outbox ?? [];
    expect(outbox.map((each) => [each.entryId, bodyOf(each)])).toEqual([
      ['b', 'said otherwise'],
      ['a', 'hello'],
    ]);
    await writer.close();
    expect(noted()).toEqual([]);
    expect(await storage.loadOutbox()).toHaveLength(2);
  });

  it('gives it to a tab that takes over, but not to one that only looks', async () => {
    const { storage } = await aNotedStorage();
    storage.notes.keep(said);
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

  it('takes no note for what another tab has finished with', async () => {
    const { storage, noted } = await aNotedStorage();
    storage.notes.keep({ ...said, isStored: true });
    const { writer } = aWriter(storage);
    expect((await writer.load())?.outbox).toEqual([]);
    expect(noted()).toEqual([]);
  });

  it('has the notes alone where nothing can be read, for as long as they are not done with', async () => {
    const { storage, noted } = await aNotedStorage();
    storage.load = () => Promise.reject(new Error('gone'));
    storage.notes.keep(said);
    const { writer } = aWriter(storage);
    expect((await writer.load())?.outbox).toEqual([said]);
    await writer.close();
    expect(noted()).toEqual(['a']);
    writer.dropEntry('a');
    expect(noted()).toEqual([]);
  });

  it('clears the notes at once when everything is wiped', async () => {
    const { storage, noted } = await aNotedStorage();
    const { writer } = aWriter(storage);
    writer.storeEntry(said);
    const wiped = writer.wipe();
    expect(noted()).toEqual([]);
    await wiped;
  });
});

/** A storage whose notes can be looked at. */
async function aNotedStorage() {
  const notes = new Map<string, OutboxEntry>();
  const storage: UserStorage = Object.assign(await new MemoryStorage().open('user'), {
    notes: {
      keep: (entry) => void notes.set(entry.entryId, entry),
      forget: (entry) => void (bodyOf(notes.get(entry.entryId)) === bodyOf(entry) && notes.delete(entry.entryId)),
      drop: (entryId) => void notes.delete(entryId),
      all: () => [...notes.values()],
      clear: () => notes.clear(),
    } satisfies EntryNotes,
  });
  return { storage, noted: () => [...notes.keys()] };
}
