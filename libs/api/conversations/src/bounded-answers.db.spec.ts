import { type Actor, AdmissionService, limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type ConversationChange, limits as wire, requests } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, aConversation, aGuest, conversationFeed, startLogNode } from './testing/log-node';

const database = testDatabase();
const original = { ...limits };
let node: LogNode;
let reader: Actor;

beforeAll(async () => {
  node = await startLogNode(database.url);
  reader = await aGuest(node.database);
});
afterAll(() => node.stop());
afterEach(() => {
  Object.assign(limits, original);
  jest.restoreAllMocks();
});

/** Creates a room with `count` messages of `bytes` bytes each. */
async function aRoomOf(count: number, bytes: number): Promise<string> {
  const conversationId = await aConversation(node.database, { members: [reader] });
  await Promise.all(
    Array.from({ length: count }, () =>
      node.log.append(reader, { conversationId, id: uuidv7(), body: 'x'.repeat(bytes) }),
    ),
  );
  return conversationId;
}

const size = (answer: unknown) => Buffer.byteLength(JSON.stringify(answer));
const stays = () => false;

describe('I12: feed:sync', () => {
  const sync = (cursors: Map<string, number>, isGone = stays) =>
    node.feedSync.sync(
      reader,
      {
        epoch: node.database.epoch,
        personal: 0,
        conversations: [...cursors].map(([conversationId, rev]) => ({ conversationId, rev })),
      },
      isGone,
    );

  test('refuses a conversation that is named twice, in whatever letters', () => {
    const { payload } = requests['feed:sync'];
    const [one, two] = [uuidv7(), uuidv7()];
    const of = (...ids: string[]) =>
      payload.safeParse({ conversations: ids.map((conversationId) => ({ conversationId, rev: 0 })) });
    expect(of(one, two).success).toBe(true);
    expect(of(one, two, one.toUpperCase()).error?.issues).toMatchObject([
      { path: ['conversations', 2, 'conversationId'] },
    ]);
  });

  test('bounds an answer in bytes, from memory and from Postgres, and goes on until all is told once', async () => {
    limits.syncBytes = 100_000;
    const rooms = await Promise.all([1, 2, 3].map(() => aRoomOf(12, 15_000)));
    // One room is in this node's memory, the others only in Postgres.
    await node.subscriber(reader, conversationFeed(rooms[0]!));
    await node.log.append(reader, { conversationId: rooms[0]!, id: uuidv7(), body: 'y'.repeat(15_000) });
    await node.caughtUp(rooms[0]!);
    const cursors = new Map(rooms.map((id) => [id, 0]));
    const told = new Map<string, number[]>(rooms.map((id) => [id, []]));
    let answers = 0;
    while (cursors.size > 0) {
      const reply = await sync(cursors);
      expect(size(reply)).toBeLessThan(limits.syncBytes + 20_000);
      expect(++answers).toBeLessThan(20);
      for (const part of reply.conversations) {
        if (!('changes' in part)) throw new Error('a page was asked for');
        told.get(part.conversationId)!.push(...revsOf(part.changes));
        if (part.more) cursors.set(part.conversationId, part.rev);
        else cursors.delete(part.conversationId);
      }
    }
    expect([...told.values()].map((revs) => revs.length)).toEqual([13, 12, 12]);
    for (const revs of told.values()) expect(revs).toEqual(revs.map((_, n) => n + 1));
    expect(answers).toBeGreaterThan(5);
  });

  test('bounds snapshots in bytes, too: what has no place is left for the next', async () => {
    limits.syncBytes = 100_000;
    const rooms = await Promise.all([1, 2, 3].map(() => aRoomOf(10, 15_000)));
    const page = jest.spyOn(node.repository, 'page');
    const reply = await sync(new Map(rooms.map((id) => [id, 1_000_000])));
    expect(page).toHaveBeenCalledTimes(1);
    expect(reply.conversations.map((part) => 'reset' in part)).toEqual([true, false, false]);
    expect(reply.conversations.slice(1)).toMatchObject([{ more: true, rev: 1_000_000 }, { more: true }]);
  });

  test('stops between two conversations when nobody waits for it any more', async () => {
    const rooms = await Promise.all([1, 2, 3, 4].map(() => aRoomOf(1, 10)));
    const read = jest.spyOn(node.repository, 'changesAfter');
    const isGone = () => read.mock.calls.length >= 2;
    await expect(sync(new Map(rooms.map((id) => [id, 0])), isGone)).rejects.toMatchObject({ code: 'unavailable' });
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('I12: those who do nothing wrong are never limited', () => {
  const admission = new AdmissionService();
  /** Charges a reply to a user of a shared address. */
  async function read(userId: string, answer: unknown): Promise<void> {
    const permit = await admission.admit({ address: '203.0.113.1', userId, socketId: uuidv7(), isGone: stays }, 'read');
    permit!.charge!(answer, size(answer));
    permit!.release();
  }

  test('1,000 tabs of a school come back at once, twice in a minute, each to 200 conversations', async () => {
    const rooms = await Promise.all(Array.from({ length: wire.syncConversations }, () => aRoomOf(1, 10)));
    const reply = await node.feedSync.sync(reader, {
      epoch: node.database.epoch,
      personal: 0,
      conversations: rooms.map((conversationId) => ({ conversationId, rev: 1 })),
    });
    expect(reply.conversations).toHaveLength(wire.syncConversations);
    const snapshot = await node.conversations.snapshot(reader, await aRoomOf(wire.openPage, 200));
    for (let time = 0; time < 2; time++)
      await Promise.all(
        Array.from({ length: 1_000 }, async (_, n) => {
          await read(`user-${n % 900}`, reply);
          // Only some users open a conversation without local data.
          if (n % 2 === 0) await read(`user-${n % 900}`, snapshot);
        }),
      );
  });
});

function revsOf(changes: readonly ConversationChange[]): number[] {
  return changes.map(({ rev }) => rev);
}

describe('I12: what is asked for at once is cut by bytes, and says where it goes on', () => {
  async function all<T>(
    ask: (cursor?: string) => Promise<{ items: T[]; nextCursor?: string | undefined }>,
  ): Promise<T[][]> {
    const pages: T[][] = [];
    for (let cursor: string | undefined; pages.length < 100;) {
      const page = await ask(cursor);
      expect(size(page)).toBeLessThan(limits.detailsBytes + 20_000);
      pages.push(page.items);
      cursor = page.nextCursor;
      if (cursor === undefined) return pages;
    }
    throw new Error('it never ends');
  }

  test('former texts', async () => {
    limits.detailsBytes = 50_000;
    const conversationId = await aRoomOf(0, 0);
    const id = uuidv7();
    const body = (n: number) => `${n} ${'x'.repeat(15_000)}`;
    await node.log.append(reader, { conversationId, id, body: body(0) });
    for (let n = 1; n <= 9; n++) await node.log.edit(reader, { conversationId, id, body: body(n), editId: uuidv7() });
    const pages = await all((cursor) => node.details.edits(reader, conversationId, id, cursor));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flat().map((text) => parseInt(text.body))).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    // An edit in between moves no page.
    const first = await node.details.edits(reader, conversationId, id);
    await node.log.edit(reader, { conversationId, id, body: 'newer', editId: uuidv7() });
    const second = await node.details.edits(reader, conversationId, id, first.nextCursor);
    expect(second.items[0]!.body).toBe(pages[1]![0]!.body);
    for (const cursor of ['x', '-1', '1.5', '0', '99999'])
      await expect(node.details.edits(reader, conversationId, id, cursor)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('pins', async () => {
    limits.detailsBytes = 50_000;
    const conversationId = await aRoomOf(12, 15_000);
    await node.database.query(`update memberships set role = 'moderator' where conversation_id = $1`, [conversationId]);
    const { messages } = await node.conversations.history(reader, { conversationId, limit: 12 });
    await Promise.all(messages.map(({ id }) => node.log.pin(reader, { conversationId, id, on: true })));
    const pages = await all((cursor) => node.details.pinned(reader, conversationId, cursor));
    expect(pages.length).toBeGreaterThan(3);
    expect(
      pages
        .flat()
        .map(({ seq }) => seq)
        .toSorted((a, b) => a - b),
    ).toEqual(messages.map(({ seq }) => seq));
    // A pin that is removed in between leaves no hole in the next page.
    const first = await node.details.pinned(reader, conversationId);
    await node.log.pin(reader, { conversationId, id: first.items.at(-1)!.id, on: false });
    const second = await node.details.pinned(reader, conversationId, first.nextCursor);
    expect(second.items[0]!.seq).toBe(pages[1]![0]!.seq);
    for (const cursor of ['x', '1', 'x_1', '2026-01-01T12:00:00.000Z'])
      await expect(node.details.pinned(reader, conversationId, cursor)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('are as they were where they fit', async () => {
    const conversationId = await aRoomOf(1, 10);
    const { messages } = await node.conversations.history(reader, { conversationId, limit: 1 });
    expect(await node.details.edits(reader, conversationId, messages[0]!.id)).not.toHaveProperty('nextCursor');
    expect(await node.details.pinned(reader, conversationId)).not.toHaveProperty('nextCursor');
    expect(wire.messagePins * wire.messageBytes).toBeGreaterThan(limits.detailsBytes);
  });
});
