import type { Actor } from '@cloudhop/api/platform';
import { MemoryNetwork } from '@cloudhop/api/realtime';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { ConversationChange, HistoryReply, Message } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, aGuest, conversationFeed, startLogNode } from './testing/log-node';
import { aRoom, everything, sync } from './testing/room';

const database = testDatabase();
let node: LogNode;
let lobbyId: string;

beforeAll(async () => {
  node = await startLogNode(database.url);
  lobbyId = await node.conversations.ensureLobby(86_400_000);
});
afterAll(() => node.stop());

/** Reader with rows by seq and a cursor, which applies replies and frames by the rules of the wire. */
class Reader {
  readonly rows = new Map<number, Message>();
  rev = 0;

  apply(changes: readonly ConversationChange[], toRev: number): void {
    for (const change of changes) {
      if (change.rev <= this.rev && change.kind === 'reaction') continue;
      if (change.kind === 'message' || change.kind === 'deleted') this.put(change.message);
      if (change.kind === 'floor')
        for (const seq of this.rows.keys()) if (seq <= change.floorSeq) this.rows.delete(seq);
      if (change.kind === 'reaction') {
        const row = this.rows.get(change.seq);
        if (row === undefined || row.rev >= change.rev) continue;
        const others = row.reactions.filter(({ emoji }) => emoji !== change.emoji);
        const reactions = change.count > 0 ? [...others, { emoji: change.emoji, count: change.count }] : others;
        this.rows.set(change.seq, {
          ...row,
          rev: change.rev,
          reactions: reactions.sort((a, b) => (a.emoji < b.emoji ? -1 : 1)),
        });
      }
    }
    this.rev = Math.max(this.rev, toRev);
  }

  put(message: Message): void {
    if ((this.rows.get(message.seq)?.rev ?? 0) < message.rev) this.rows.set(message.seq, message);
  }

  async catchUp(reader: Actor, conversationId: string): Promise<void> {
    for (let more = true; more;) {
      const answer = await sync(node, reader, conversationId, this.rev);
      if ('gone' in answer) throw new Error(answer.gone);
      if ('reset' in answer) {
        this.rows.clear();
        for (const message of answer.reset.messages!) this.put(message);
        this.rev = answer.reset.conversation.rev;
        return;
      }
      this.apply(answer.changes, answer.rev);
      more = answer.more;
    }
  }

  get state(): Message[] {
    return [...this.rows.values()].sort((a, b) => a.seq - b.seq);
  }
}

test('I4: whoever syncs at any moment, or follows live, ends with what the server has, byte for byte', async () => {
  const step = fc.record({
    kind: fc.constantFrom('send', 'edit', 'delete', 'on', 'off', 'sync', 'sync'),
    which: fc.nat(7),
    emoji: fc.constantFrom('🎉', '❤️', '👋'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { author, reader, conversationId, ids } = await aRoom(node, 1);
      const [offline, live] = [new Reader(), new Reader()];
      await live.catchUp(reader, conversationId);
      await node.subscriber(reader, conversationFeed(conversationId));
      for (const { kind, which, emoji } of steps) {
        const id = ids[which % ids.length]!;
        const quiet = (work: Promise<unknown>) =>
          work.catch((error: { code: string }) => expect(error.code).toBe('not_found'));
        if (kind === 'send')
          await node.log.append(author, { conversationId, id: (ids.push(uuidv7()), ids.at(-1)!), body: 'more' });
        else if (kind === 'edit')
          await quiet(node.log.edit(author, { conversationId, id, body: `edited ${which}`, editId: uuidv7() }));
        else if (kind === 'delete') await quiet(node.log.delete(author, { conversationId, id }));
        else if (kind === 'sync') await offline.catchUp(reader, conversationId);
        else await quiet(node.log.react(reader, { conversationId, id, emoji, on: kind === 'on' }));
      }
      await offline.catchUp(reader, conversationId);
      await node.caughtUp(conversationId);
      live.apply(node.emitted(conversationId) as ConversationChange[], 0);
      const truth = await everything(node, reader, conversationId);
      expect(offline.state).toEqual(truth);
      expect(live.state).toEqual(truth);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('I4: pages end at their last row, and only the last one sets the cursor to the head', async () => {
  const { reader, conversationId } = await aRoom(node, 230);
  const cold = await startLogNode(database.url);
  try {
    const first = await sync(cold, reader, conversationId, 0);
    expect(first).toMatchObject({ rev: 100, more: true, seq: 230 });
    const second = await sync(cold, reader, conversationId, 100);
    expect(second).toMatchObject({ rev: 200, more: true });
    const third = await sync(cold, reader, conversationId, 200);
    expect(third).toMatchObject({ rev: 230, more: false });
    expect(await sync(cold, reader, conversationId, 230)).toMatchObject({ rev: 230, more: false, changes: [] });
  } finally {
    await cold.stop();
  }
});

test('I4: too much change, a cursor above the head and another epoch answer a reset', async () => {
  const { author, reader, conversationId } = await aRoom(node, 3);
  expect(await sync(node, reader, conversationId, 99)).toMatchObject({
    reset: { conversation: { rev: 3 }, messages: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
  });
  const other = await node.feedSync.sync(reader, {
    epoch: uuidv7(),
    personal: 0,
    conversations: [{ conversationId, rev: 3 }],
  });
  expect(other.conversations[0]).toHaveProperty('reset');
  expect(other.personal).toHaveProperty('reset');
  await Promise.all(
    Array.from({ length: 501 }, () => node.log.append(author, { conversationId, id: uuidv7(), body: 'x' })),
  );
  expect(await sync(node, reader, conversationId, 3)).toMatchObject({ reset: { conversation: { seq: 504 } } });
  expect(await sync(node, reader, conversationId, 4)).toMatchObject({ more: true });
});

test('first contact: a sync without a personal cursor answers who one is, the lobby and the conversations', async () => {
  const { reader, conversationId } = await aRoom(node, 2);
  const reply = await node.feedSync.sync(reader, { conversations: [] });
  expect(reply).toMatchObject({
    epoch: node.database.epoch,
    personal: { reset: { rev: 0, user: { id: reader.userId, kind: 'guest' }, lobbyId } },
  });
  const { conversations } = (reply.personal as { reset: { conversations: { id: string }[] } }).reset;
  expect(conversations.map(({ id }) => id).sort()).toEqual([lobbyId, conversationId].sort());
});

test('the authors of last messages travel with the list, also of people whom the reader never met', async () => {
  const { author, reader, conversationId } = await aRoom(node, 1);
  const { personal, users } = await node.feedSync.sync(reader, { conversations: [] });
  const listed = 'reset' in personal ? personal.reset.conversations.find(({ id }) => id === conversationId) : undefined;
  expect(listed?.last?.authorId).toBe(author.userId);
  expect(users.map(({ id }) => id)).toContain(author.userId);
  const page = await node.conversations.mine(reader, { limit: 50 });
  expect(page.users.map(({ id }) => id)).toContain(author.userId);
});

describe('history', () => {
  const seqs = ({ messages }: HistoryReply) => messages.map(({ seq }) => seq);

  test('answers the latest, before, after and around a seq, and says what lies beyond', async () => {
    const { reader, conversationId } = await aRoom(node, 30);
    const page = (range: object) => node.conversations.history(reader, { conversationId, limit: 5, ...range });
    const cases: [object, number[], boolean, boolean][] = [
      [{}, [26, 27, 28, 29, 30], true, false],
      [{ before: 26 }, [21, 22, 23, 24, 25], true, true],
      [{ before: 3 }, [1, 2], false, true],
      [{ before: 1 }, [], false, true],
      [{ after: 27 }, [28, 29, 30], true, false],
      [{ after: 30 }, [], true, false],
      [{ after: 0 }, [1, 2, 3, 4, 5], false, true],
      [{ around: 15 }, [13, 14, 15, 16, 17], true, true],
      [{ around: 1 }, [1, 2, 3, 4, 5], false, true],
      [{ around: 30 }, [26, 27, 28, 29, 30], true, false],
      [{ around: 999 }, [26, 27, 28, 29, 30], true, false],
      [{ before: 999 }, [26, 27, 28, 29, 30], true, false],
    ];
    for (const [range, expected, hasBefore, hasAfter] of cases) {
      const reply = await page(range);
      expect({ range, seqs: seqs(reply), hasBefore: reply.hasBefore, hasAfter: reply.hasAfter }).toEqual({
        range,
        seqs: expected,
        hasBefore,
        hasAfter,
      });
    }
  });

  test('stops at the floor', async () => {
    const { reader, conversationId } = await aRoom(node, 10);
    await node.database.query(`select * from floor_raise_v1($1, 6)`, [conversationId]);
    const page = await node.conversations.history(reader, { conversationId, before: 9, limit: 50 });
    expect({ seqs: seqs(page), hasBefore: page.hasBefore }).toEqual({ seqs: [7, 8], hasBefore: false });
    expect(seqs(await node.conversations.history(reader, { conversationId, after: 1, limit: 2 }))).toEqual([7, 8]);
  });

  test('carries the authors and the asker’s own reactions', async () => {
    const { author, reader, conversationId, ids } = await aRoom(node, 3);
    await node.log.react(reader, { conversationId, id: ids[1]!, emoji: '🎉', on: true });
    await node.log.react(author, { conversationId, id: ids[2]!, emoji: '🎉', on: true });
    const page = await node.conversations.history(reader, { conversationId, limit: 10 });
    expect(page.users).toEqual([
      expect.objectContaining({
        id: author.userId,
        displayName: expect.stringMatching(/^Guest [0-9a-f]{6}$/),
        profileRev: 1,
      }),
    ]);
    expect(page.mine).toEqual([{ seq: 2, emoji: '🎉' }]);
    expect(page.rev).toBe(5);
  });

  test('I4: a page and the live frames around it give the same rows whatever comes first', async () => {
    const { author, reader, conversationId, ids } = await aRoom(node, 20);
    await node.subscriber(reader, conversationFeed(conversationId));
    const [page] = await Promise.all([
      node.conversations.history(reader, { conversationId, before: 15, limit: 10 }),
      ...ids
        .slice(4, 14)
        .map((id) => node.log.edit(author, { conversationId, id, body: 'edited meanwhile', editId: uuidv7() })),
    ]);
    await node.caughtUp(conversationId);
    const client = new Reader();
    for (const message of page.messages) client.put(message);
    client.apply(
      (node.emitted(conversationId) as ConversationChange[]).filter(({ rev }) => rev > page.rev),
      0,
    );
    const truth = await node.conversations.history(reader, { conversationId, before: 15, limit: 10 });
    expect(client.state.filter(({ seq }) => seq >= 5 && seq < 15)).toEqual(truth.messages);
  });
});

describe('two nodes on one database', () => {
  test('meet through the comparison of heads, with no bus between them', async () => {
    const other = await startLogNode(database.url);
    try {
      const { author, reader, conversationId } = await aRoom(node, 1);
      await other.subscriber(reader, conversationFeed(conversationId));
      await node.log.append(author, { conversationId, id: uuidv7(), body: 'from the other node' });
      expect(other.emitted(conversationId)).toEqual([]);
      await other.feeds.checkHeads();
      await other.caughtUp(conversationId);
      expect(other.emitted(conversationId)).toMatchObject([{ rev: 2, message: { body: 'from the other node' } }]);
    } finally {
      await other.stop();
    }
  });

  test('hear each other at once through the bus, and emit nothing twice', async () => {
    const network = new MemoryNetwork();
    const [here, there] = [
      await startLogNode(database.url, { network }),
      await startLogNode(database.url, { network }),
    ];
    try {
      const { author, reader, conversationId } = await aRoom(node, 1);
      await here.subscriber(author, conversationFeed(conversationId));
      await there.subscriber(reader, conversationFeed(conversationId));
      await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          [here, there][n % 2]!.log.append(author, { conversationId, id: uuidv7(), body: `${n}` }),
        ),
      );
      await Promise.all([here.caughtUp(conversationId), there.caughtUp(conversationId)]);
      await Promise.all([here.feeds.checkHeads(), there.feeds.checkHeads()]);
      const revs = Array.from({ length: 40 }, (_, n) => n + 2);
      for (const each of [here, there]) expect(each.emitted(conversationId).map(({ rev }) => rev)).toEqual(revs);
    } finally {
      await Promise.all([here.stop(), there.stop()]);
    }
  });
});

test('a kept page of the lobby is never older than what its reader could have', async () => {
  const [author, reader] = [await aGuest(node.database), await aGuest(node.database)];
  const socket = await node.subscriber(reader);
  const open = async () =>
    (await node.conversations.open(reader, { conversationId: lobbyId }, socket)).messages!.map(
      ({ body, reactions }) => [body, reactions.length],
    );
  const id = uuidv7();
  await node.log.append(author, { conversationId: lobbyId, id, body: 'one' });
  expect(await open()).toEqual([['one', 0]]);
  expect(await open()).toEqual([['one', 0]]);
  await node.log.edit(author, { conversationId: lobbyId, id, body: 'two', editId: uuidv7() });
  expect(await open()).toEqual([['two', 0]]);
  await node.log.react(reader, { conversationId: lobbyId, id, emoji: '🎉', on: true });
  expect(await open()).toEqual([['two', 1]]);
  expect((await node.conversations.open(reader, { conversationId: lobbyId }, socket)).mine).toEqual([
    { seq: 1, emoji: '🎉' },
  ]);
  expect((await node.conversations.open(author, { conversationId: lobbyId }, socket)).mine).toEqual([]);
  await node.database.query(`update users set display_name = '小桃', profile_rev = 2 where id = $1`, [author.userId]);
  expect((await node.conversations.open(author, { conversationId: lobbyId }, socket)).users).toMatchObject([
    { id: author.userId, displayName: '小桃', profileRev: 2 },
  ]);
  await node.setMember(lobbyId, reader.userId, { state: 'banned' });
  await expect(open()).rejects.toMatchObject({ code: 'banned' });
});
