import type { OutboxEntry } from '../core/state';
import { MemoryStorage } from '../storage/memory-storage';
import type { UserStorage } from '../storage/client-storage';
import { StorageWriter } from './storage-writer';

const entry = { entryId: 'a', conversationId: 'c' } as OutboxEntry;

function aWriter(storage: UserStorage) {
  const stored: string[] = [];
  const events = {
    entryStored: (id: string) => void stored.push(id),
    outboxChanged: () => undefined,
    wholeWrite: () => undefined,
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

  it('has words noted at once, and only while they are new', async () => {
    const storage = await new MemoryStorage().open('user');
    const noted: string[] = [];
    storage.noteEntry = ({ entryId }) => void noted.push(entryId);
    const { writer } = aWriter(storage);
    writer.storeEntry({ ...entry, body: 'hello' });
    writer.storeEntry({ ...entry, entryId: 'reaction' });
    writer.storeEntry({ ...entry, entryId: 'stored', body: 'hello', isStored: true });
    expect(noted).toEqual(['a']);
    await writer.close();
  });
});
