import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, restoreDump, startApiProcess, takeDump, testDatabase } from '@cloudhop/api/core/testing';
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
  const [sender, follower] = [await aVisitor(here.url), await aVisitor(there.url)];
  await sender.send('kept', uuidv7());
  const before = await syncEpoch(sender);
  const dump = await takeDump(database.url);
  const lost = uuidv7();
  await sender.send('lost', lost);
  await until(() => toldChanges(follower).some((change) => 'message' in change && change.message.id === lost));

  // No connection ends: only the comparison can find out.
  await restoreDump(database.url, dump);
  // Who follows is cut off, comes back through the handshake, and is told the new epoch.
  for (const { socket } of [sender, follower]) await until(() => !socket.connected, 10_000);
  const [again, other] = [await comeBack(here, sender), await comeBack(there, follower)];
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
