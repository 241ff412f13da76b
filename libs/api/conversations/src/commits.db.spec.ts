import { testDatabase } from '@cloudhop/api/database/testing';
import type { DomainError } from '@cloudhop/api/platform';
import { v7 as uuidv7 } from 'uuid';
import { lockWaits } from './testing/lock-waits';
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
  await node.subscriber(reader, conversationFeed(conversationId));
  // A deferred trigger runs within the commit: it waits there for a lock.
  await node.database.query(`create function wait_in_commit() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock(1); return null; end'`);
  await node.database.query(`create constraint trigger waits after insert on messages
    deferrable initially deferred for each row execute function wait_in_commit()`);
  const isAcknowledged = jest.fn();
  const sending = await node.database.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock(1)');
    const outcome = node.log.append(author, { conversationId, id: uuidv7(), body: 'later' }).then(isAcknowledged);
    await lockWaits(database);
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

describe.each([
  ['banned', (at: string, userId: string) => node.setMember(at, userId, { state: 'banned' })],
  ['gone', (at: string, userId: string) => node.setMember(at, userId, { state: 'left' })],
] as const)('whoever is %s', (_, exclude) => {
  test('I2 I13: gets by a retry where their message stands, and not how it stands now', async () => {
    const { author, reader, conversationId } = await aRoom(node);
    const send = { conversationId, id: uuidv7(), body: 'before' };
    const { message } = await node.log.append(author, send);
    await exclude(conversationId, author.userId);
    await node.log.react(reader, { conversationId, id: send.id, emoji: '🎉', on: true });
    const retried = await node.log.append(author, send);
    expect(retried).toEqual({ message: { id: send.id, seq: message.seq, expired: true }, isNew: false });
  });

  test('I13: is refused a repeated edit like a fresh one', async () => {
    const { author, conversationId, ids } = await aRoom(node, 1);
    const edit = { conversationId, id: ids[0]!, body: 'said better', editId: uuidv7() };
    await node.log.edit(author, edit);
    await exclude(conversationId, author.userId);
    const refusal = await node.log.edit(author, edit).catch(({ code }: DomainError) => code);
    const fresh = await node.log.edit(author, { ...edit, editId: uuidv7() }).catch(({ code }: DomainError) => code);
    expect(refusal).toBe(fresh);
    expect(['banned', 'not_found']).toContain(refusal);
  });
});

test('I2: a retry of someone who was muted since gets the message that it stored, and a repeated edit too', async () => {
  const { author, conversationId } = await aRoom(node);
  const send = { conversationId, id: uuidv7(), body: 'before the mute' };
  const { message } = await node.log.append(author, send);
  const edit = { conversationId, id: send.id, body: 'said better', editId: uuidv7() };
  await node.log.edit(author, edit);
  await node.setMember(conversationId, author.userId, { mutedUntil: new Date(Date.now() + 60_000) });
  expect(await node.log.append(author, send)).toMatchObject({ message: { seq: message.seq, body: 'said better' } });
  expect(await node.log.edit(author, edit)).toMatchObject({ body: 'said better' });
});

test('I4: a sync while others write passes over nothing', async () => {
  const { author, reader, conversationId } = await aRoom(node);
  // Without a subscriber on this node, every reply is read from Postgres.
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
  await node.retention.raiseFloor(conversationId, -60_000);
  const page = await sync(node, reader, conversationId, 0);
  expect(page).toMatchObject({ floorSeq: 3, changes: [{ kind: 'floor', floorSeq: 3 }] });
});

test('I6: a frame ends at a ban, and whoever is banned has left the channel before the next', async () => {
  const { author, reader, conversationId } = await aRoom(node, 1);
  const feed = conversationFeed(conversationId);
  const socket = await node.subscriber(reader, feed);
  const wasSubscribed: boolean[] = [];
  const record = node.emissions.push.bind(node.emissions);
  node.emissions.push = (...told) => {
    wasSubscribed.push(node.feeds.isSubscribed(socket, feed));
    return record(...told);
  };
  await node.subscriber(author, feed);
  const member = { userId: reader.userId, role: 'member', state: 'banned' } as const;
  const [secret] = (await node.conversations.history(author, { conversationId, limit: 1 })).messages;
  const changes = [
    { kind: 'member', rev: 2, member },
    { kind: 'message', rev: 3, message: { ...secret!, seq: 2, rev: 3 } },
  ] as const;
  node.feeds.publish({ feed, fromRev: 1, toRev: 3, changes, users: [] });
  for (let n = 0; n < 200 && node.emitted(conversationId).length < 2; n++)
    await new Promise((resume) => setTimeout(resume, 5));
  node.emissions.push = record;
  expect(node.emissions.at(-1)!.payload).toMatchObject({ fromRev: 2, toRev: 3 });
  expect(wasSubscribed).toEqual([false, false]);
});
