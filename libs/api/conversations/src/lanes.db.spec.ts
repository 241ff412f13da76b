import type { Actor } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message } from '@cloudhop/contracts';
import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { lockWaits } from './testing/lock-waits';
import { type LogNode, aConversation, aGuest, startLogNode } from './testing/log-node';

const database = testDatabase();
let node: LogNode;
let author: Actor;

/** Below lock_timeout, so that the lane waits and does not try again. */
const heldMs = 10_000;

beforeAll(async () => {
  node = await startLogNode(database.url, { lockTimeoutMs: 12_000 });
  author = await aGuest(node.database);
});
afterAll(() => node.stop());

/** Holds the head's row, as a commit of another node does, until `work` is done, at most `heldMs`. Then calls `release`. */
async function whileLocked(
  conversationId: string,
  work: () => Promise<unknown>,
  release: () => void = () => undefined,
): Promise<void> {
  await node.database.transaction(async (client) => {
    await client.query('select 1 from conversation_heads where conversation_id = $1 for no key update', [
      conversationId,
    ]);
    await Promise.race([work(), wait(heldMs)]);
    release();
  });
}

async function bodies(conversationId: string): Promise<string[]> {
  const rows = await node.database.query<{ body: string }>(
    'select body from messages where conversation_id = $1 order by seq',
    [conversationId],
  );
  return rows.map(({ body }) => body);
}

test('a conversation that is locked elsewhere never holds up the others, whatever is written to them and in whichever batch', async () => {
  const busy = await aConversation(node.database, { members: [author] });
  const others = await Promise.all(
    Array.from({ length: 12 }, () => aConversation(node.database, { members: [author] })),
  );
  const acknowledged: string[] = [];
  const append = async (conversationId: string, name: string, body: string) => {
    const { message } = await node.log.append(author, { conversationId, id: uuidv7(), body });
    acknowledged.push(name);
    return message as Message;
  };
  const waiting: Promise<unknown>[] = [];
  const talk = async () => {
    // One turn of the event loop, so one batch: the busy conversation is in the midst of the others.
    const first = others.flatMap((conversationId, n) => {
      if (n % 3 === 0) waiting.push(append(busy, 'busy', `${n}`));
      return [append(conversationId, 'other', 'first')];
    });
    for (const { conversationId, id } of await Promise.all(first)) {
      // While it waits in its own lane, more comes for it and for the others.
      waiting.push(append(busy, 'busy', `later ${waiting.length}`));
      await node.log.edit(author, { conversationId, id, body: 'second', editId: uuidv7() });
      await node.log.react(author, { conversationId, id, emoji: '🎉', on: true });
      await append(conversationId, 'other', 'third');
    }
  };
  let talking: Promise<void> | undefined;
  await whileLocked(
    busy,
    () => (talking = talk()),
    () => acknowledged.push('released'),
  );
  await talking;
  await Promise.all(waiting);
  const whileHeld = acknowledged.slice(0, acknowledged.indexOf('released'));
  expect(whileHeld).toEqual(whileHeld.map(() => 'other'));
  expect(whileHeld.length).toBeGreaterThanOrEqual(others.length);
  expect(acknowledged.filter((name) => name === 'other')).toHaveLength(2 * others.length);
  for (const conversationId of others) expect(await bodies(conversationId)).toEqual(['second', 'third']);
  // No operation overtook another in the lane.
  expect(await bodies(busy)).toEqual(['0', '3', '6', '9', ...Array.from({ length: 12 }, (_, n) => `later ${n + 4}`)]);
});

test('two conversations that are locked elsewhere wait apart: the first to be free goes on', async () => {
  const [slow, fast] = [
    await aConversation(node.database, { members: [author] }),
    await aConversation(node.database, { members: [author] }),
  ];
  const order: string[] = [];
  const append = (conversationId: string, name: string) =>
    node.log.append(author, { conversationId, id: uuidv7(), body: name }).then(() => order.push(name));
  let sent: Promise<unknown[]> | undefined;
  await whileLocked(slow, async () => {
    let fastSent: Promise<unknown> | undefined;
    await whileLocked(fast, async () => {
      fastSent = append(fast, 'fast');
      sent = Promise.all([append(slow, 'slow'), fastSent]);
      // Both wait in lanes of their own when the first lock goes.
      await lockWaits(database, 2);
    });
    await fastSent;
    order.push('slow released');
  });
  await sent;
  expect(order).toEqual(['fast', 'slow released', 'slow']);
});
