import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { migrate } from '@cloudhop/api/database';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { restoreDump, takeDump, testDatabase, withClient } from '@cloudhop/api/database/testing';
import { schema } from '@cloudhop/api/schema';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aVisitor, toldChanges, until, wholeLog } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-restore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const comeBack = ({ url }: ApiProcess, { user, token }: Visitor) =>
  aVisitor(url, { user, accessToken: token, expiresAt: '' });

async function syncEpoch(visitor: Visitor): Promise<string> {
  const reply = await visitor.request('feed:sync', { conversations: [] });
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.data.epoch;
}

test('I4: nodes that run while a dump is restored below them notice, agree on one new epoch, and tell who follows', async () => {
  const start = () => startApiProcess({ databaseUrl: database.url, dataDir: folder });
  const [here, there] = [await start(), await start()];
  const [sender, subscriber] = [await aVisitor(here.url), await aVisitor(there.url)];
  await sender.send('kept', uuidv7());
  const before = await syncEpoch(sender);
  const dump = await takeDump(database.url);
  const lost = uuidv7();
  await sender.send('lost', lost);
  await until(() => toldChanges(subscriber).some((change) => 'message' in change && change.message.id === lost));

  // No connection ends: only the comparison can find out.
  await restoreDump(database.url, dump);
  // Subscribers are disconnected, reconnect with a handshake, and receive the new epoch.
  for (const { socket } of [sender, subscriber]) await until(() => !socket.connected, 10_000);
  const [again, other] = [await comeBack(here, sender), await comeBack(there, subscriber)];
  const after = await syncEpoch(again);
  expect(after).not.toBe(before);
  expect(await syncEpoch(other)).toBe(after);

  const afterwards = uuidv7();
  await again.send('afterwards', afterwards);
  await until(() => toldChanges(other).some((change) => 'message' in change && change.message.id === afterwards));
  const frame = other.facts.find(({ name }) => name === 'conversation:changed');
  expect(frame?.payload).toMatchObject({ epoch: after });
  expect((await wholeLog(other)).map(({ body }) => body)).toEqual(['kept', 'afterwards']);
}, 60_000);

/** The PostgreSQL that `npm start` runs, on a data folder. */
async function onFolder<T>(home: string, work: (url: string) => Promise<T>): Promise<T> {
  const keeper = fork(resolve('scripts/postgres-keeper.mjs'), { detached: true });
  const over = once(keeper, 'exit');
  keeper.send({ type: 'start', options: { home } });
  const [message] = (await once(keeper, 'message')) as [{ url: string; sentence?: string }];
  if (message.sentence !== undefined) throw new Error(message.sentence);
  try {
    return await work(message.url);
  } finally {
    keeper.disconnect();
    await over;
  }
}

const epochOf = (home: string) =>
  onFolder(home, async (url) => {
    await migrate(url, schema);
    return withClient(url, async (client) => {
      const { rows } = await client.query<{ epoch: string }>('select epoch_v1() as epoch');
      return rows[0]!.epoch;
    });
  });

/** Copies with owners and times, as root too. */
const copyFolder = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);

test('I4: a copied data folder is another timeline, and one that is started again is not', async () => {
  const [home, backup] = [join(folder, 'home'), join(folder, 'backup')];
  const first = await epochOf(home);
  expect(await epochOf(home)).toBe(first);

  // The whole folder, with what was recorded of it.
  copyFolder(home, backup);
  const ofCopy = await epochOf(backup);
  expect(ofCopy).not.toBe(first);
  expect(await epochOf(backup)).toBe(ofCopy);
  expect(await epochOf(home)).toBe(first);

  // A backup that is put back into its place.
  rmSync(join(home, 'postgres'), { recursive: true });
  copyFolder(join(backup, 'postgres'), join(home, 'postgres'));
  const putBack = await epochOf(home);
  expect([first, ofCopy]).not.toContain(putBack);

  // A backup that is written over the files that are there.
  execFileSync('cp', ['-a', `${join(backup, 'postgres')}/.`, join(home, 'postgres')]);
  const writtenOver = await epochOf(home);
  expect([first, ofCopy, putBack]).not.toContain(writtenOver);
  expect(await epochOf(home)).toBe(writtenOver);

  // What npm run new-epoch does.
  rmSync(join(home, 'postgres-identity.json'));
  expect([first, ofCopy, putBack, writtenOver]).not.toContain(await epochOf(home));
}, 120_000);
