import { testDatabase } from '@cloudhop/api/database/testing';
import { limits } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, conversationFeed, personalFeed, startLogNode } from './testing/log-node';
import { aRoom } from './testing/room';

const database = testDatabase();
/** Two nodes without a bus, connected only by the comparison of heads. */
let here: LogNode;
let there: LogNode;

beforeAll(async () => {
  [here, there] = [await startLogNode(database.url), await startLogNode(database.url)];
  await here.conversations.ensureLobby(86_400_000);
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

test('I6: a ban among changes that were passed over ends the subscription all the same', async () => {
  const { author, reader, conversationId } = await aRoom(here, 1);
  const feed = conversationFeed(conversationId);
  const banned = await there.subscriber(reader, feed, personalFeed(reader.userId));
  const other = await there.subscriber(author, feed, personalFeed(author.userId));
  const before = limits.resetBeyond;
  limits.resetBeyond = 3;
  try {
    await here.setMember(conversationId, reader.userId, { state: 'banned' });
    for (let i = 0; i < 6; i++) await here.log.append(author, { conversationId, id: uuidv7(), body: `${i}` });
    // Too many changes: the node restarts instead of emitting each.
    await until(() => there.feeds.head(feed)?.rev === 8);
    await until(() => !there.feeds.isSubscribed(banned, feed));
  } finally {
    limits.resetBeyond = before;
  }
  expect(there.feeds.isSubscribed(other, feed)).toBe(true);
}, 15_000);

test('I5: who came back before a node heard that they had left is subscribed again, and is shown what they missed', async () => {
  const { reader, conversationId } = await aRoom(here, 1);
  const feed = conversationFeed(conversationId);
  const socket = await there.subscriber(reader, feed, personalFeed(reader.userId));
  await here.setMember(conversationId, reader.userId, { state: 'left' });
  await here.setMember(conversationId, reader.userId, { state: 'joined' });
  const left = { kind: 'member', rev: 2, member: { userId: reader.userId, role: 'member', state: 'left' } } as const;
  there.feeds.publish({ feed, fromRev: 1, toRev: 2, changes: [left], users: [] });
  const isShown = () =>
    there.emissions.some(
      ({ payload }) =>
        'conversationId' in payload &&
        payload.conversationId === conversationId &&
        'fromRev' in payload &&
        payload.fromRev === payload.toRev,
    );
  await until(isShown);
  expect(there.feeds.isSubscribed(socket, feed)).toBe(true);
}, 15_000);

test('whoever stays away is subscribed to nothing any more', async () => {
  const { reader, conversationId } = await aRoom(here, 1);
  const feed = conversationFeed(conversationId);
  const socket = await here.subscriber(reader, feed, personalFeed(reader.userId));
  await here.setMember(conversationId, reader.userId, { state: 'left' });
  await until(() => !here.feeds.isSubscribed(socket, feed));
});

test('I6: a subscriber receives nothing before it is activated, and is unsubscribed meanwhile like any other', async () => {
  const { author, reader, conversationId } = await aRoom(here, 1);
  const feed = conversationFeed(conversationId);
  await here.subscriber(author, feed);
  const socket = await here.subscriber(reader);
  const join = jest.spyOn(socket, 'join');
  await here.feeds.subscribe(socket, feed);
  expect(here.feeds.isActive(socket, feed)).toBe(false);
  await here.setMember(conversationId, reader.userId, { state: 'banned' });
  await here.caughtUp(conversationId);
  expect(here.feeds.activate(socket, feed)).toBe(false);
  expect(join).not.toHaveBeenCalled();
});

test('I5: a socket that could not be let back in is cut off, so that it comes back whole', async () => {
  const { reader, conversationId } = await aRoom(here, 1);
  const feed = conversationFeed(conversationId);
  const socket = await here.subscriber(reader, feed, personalFeed(reader.userId));
  const broken = jest.spyOn(here.repository, 'readersAmong').mockRejectedValueOnce(new Error('the database is away'));
  await here.setMember(conversationId, reader.userId, { state: 'left' });
  await until(() => !here.feeds.isSubscribed(socket, personalFeed(reader.userId)));
  broken.mockRestore();
});
