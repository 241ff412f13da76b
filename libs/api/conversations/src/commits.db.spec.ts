import { testDatabase } from '@cloudhop/api/core/testing';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, conversationFeed, startLogNode } from './testing/log-node';
import { aRoom, sync } from './testing/room';

const database = testDatabase();
let node: LogNode;

beforeAll(async () => {
  node = await startLogNode(database.url);
});
afterAll(() => node.stop());

test('I1: nothing is acknowledged or told while its commit is on the way', async () => {
  const { author, reader, conversationId } = await aRoom(node);
  await node.follower(reader, conversationFeed(conversationId));
  // A deferred trigger runs within the commit: it waits there for a lock.
  await node.database.query(`create function wait_in_commit() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock(1); return null; end'`);
  await node.database.query(`create constraint trigger waits after insert on messages
    deferrable initially deferred for each row execute function wait_in_commit()`);
  const isAcknowledged = jest.fn();
  const sending = await node.database.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock(1)');
    const outcome = node.log.append(author, { conversationId, id: uuidv7(), body: 'later' }).then(isAcknowledged);
    await new Promise((resume) => setTimeout(resume, 150));
    expect(isAcknowledged).not.toHaveBeenCalled();
    expect(node.emitted(conversationId)).toEqual([]);
    // Wrapped, or returning it would wait for it inside the transaction.
    return { outcome };
  });
  await sending.outcome;
  await node.database.query('drop trigger waits on messages');
  await node.caughtUp(conversationId);
  expect(node.emitted(conversationId)).toHaveLength(1);
});

test('I2: a retry of someone who was banned since gets the message that it stored', async () => {
  const { author, conversationId } = await aRoom(node);
  const send = { conversationId, id: uuidv7(), body: 'before the ban' };
  const { message } = await node.log.append(author, send);
  await node.memberships.ban('server', conversationId, author.userId);
  expect(await node.log.append(author, send)).toEqual({ message, isNew: false });
});

test('I4: a sync while others write passes over nothing', async () => {
  const { author, reader, conversationId } = await aRoom(node);
  // Nobody follows the conversation on this node, so every answer is read from Postgres.
  let isWriting = true;
  const writing = (async () => {
    for (let n = 0; n < 60; n++) await node.log.append(author, { conversationId, id: uuidv7(), body: `${n}` });
    isWriting = false;
  })();
  let cursor = 0;
  do {
    const page = await sync(node, reader, conversationId, cursor);
    if (!('changes' in page)) throw new Error('neither gone nor reset');
    expect(page.changes.map(({ rev }) => rev)).toEqual(Array.from(page.changes, (_, i) => cursor + 1 + i));
    expect(page.rev).toBe(cursor + page.changes.length);
    cursor = page.rev;
  } while (isWriting || cursor < 60);
  await writing;
});

test('a sync from before the floor rose tells no text that is below it', async () => {
  const { reader, conversationId } = await aRoom(node, 3);
  await node.retention.raiseFloor(conversationId, new Date(Date.now() + 60_000));
  const page = await sync(node, reader, conversationId, 0);
  expect(page).toMatchObject({ floorSeq: 3, changes: [{ kind: 'floor', floorSeq: 3 }] });
});
