import type { Session } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { MemoryStorage } from '../storage/memory-storage';
import { LocalStorageJournal } from '../storage/outbox-journal';
import { aWorld, lobbyId, me } from '../testing/worlds';
import type { Client } from '../view';
import { createClient } from './client';
import type { ClientOptions, Locks } from './options';

const refused = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
/** Web Locks as a browser has them that grants none. */
const refusingLocks: Locks = { request: refused };
const grantingLocks: Locks = { request: async (_name, _options, work) => work() };

/** A client of a server in memory, in a browser that refuses some of what it was asked for. */
async function aClient(browser: Partial<ClientOptions>): Promise<Client> {
  const { server } = aWorld();
  const session: Session = {
    user: { id: me, kind: 'guest', displayName: 'Me', profileRev: 1 },
    accessToken: 'token',
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  };
  const client = createClient({
    api: { call: async () => ({ ok: true, data: session as never }) },
    connect: (_auth, listener) => {
      server.onFact = ({ name, payload }) => listener.factReceived(name, payload);
      queueMicrotask(() => listener.connected());
      return { request: async (name, payload) => server.answer(me, name, payload as never), close: () => undefined };
    },
    storage: new MemoryStorage(),
    timer: {
      now: () => Date.now(),
      after: (ms, work) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => 0.5,
    ...browser,
  });
  await client.start();
  return client;
}

async function until(client: Client, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!condition()) await client.stop();
  expect(condition()).toBe(true);
}

const storages = {
  kept: () => new MemoryStorage(),
  'refused at once': () =>
    Object.assign(new MemoryStorage(), { lastUser: refused, setLastUser: refused, open: refused }),
  'refused when it is opened': () => Object.assign(new MemoryStorage(), { open: refused }),
};

describe.each(Object.entries(storages))('storage that is %s', (kind, storage) => {
  test.each([
    ['no locks', undefined],
    ['locks that are granted', grantingLocks],
    ['locks that are refused', refusingLocks],
  ])('with %s is a chat all the same, and says what is lost', async (_, locks) => {
    const client = await aClient({ storage: storage(), ...(locks && { locks }) });
    await until(client, () => client.view.connection.phase === 'live');
    client.send(lobbyId, 'hello');
    const isSaid = () => client.timeline(lobbyId)?.entries.some(({ status, message }) => !status && message.seq > 0);
    await until(client, () => isSaid() === true);
    await client.stop();
    expect(client.view.isEphemeral).toBe(kind !== 'kept');
  });
});

test('a journal in a storage that is taken away while the page lives throws nothing', () => {
  const methods = ['getItem', 'setItem', 'removeItem', 'key', 'length'] as const;
  fc.assert(
    fc.property(fc.subarray([...methods]), (broken) => {
      const storage = new Proxy({} as Storage, {
        get: (_, name) => {
          if (broken.includes(name as never)) throw new DOMException('', 'SecurityError');
          return name === 'length' ? 1 : () => null;
        },
      });
      const journal = new LocalStorageJournal(storage, 'user', 0);
      const entry = { entryId: 'a' } as never;
      journal.write(entry);
      journal.commit(entry);
      journal.remove('a');
      expect(journal.entries()).toEqual([]);
      journal.clear();
    }),
  );
});
