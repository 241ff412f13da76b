import { badRows, isolate, limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { BoundedTimes1800000013001 } from '@cloudhop/api/conversations/testing';
import {
  aConversation,
  aGuest,
  conversationFeed,
  personalFeed,
  aRoom,
  everything,
  sync,
} from '@cloudhop/api/conversations/testing';
import { type FeatureNode, startFeatureNode } from './testing';

/** Rows that the product never writes, inserted directly into the tables. */

const database = testDatabase();
let node: FeatureNode;
const originalLimits = { ...limits };

beforeAll(async () => {
  node = await startFeatureNode(database.url);
  await node.conversations.ensureLobby(86_400_000);
});
afterEach(() => {
  Object.assign(limits, originalLimits);
  jest.restoreAllMocks();
});
afterAll(() => node.stop());

/** Returns the number of bad rows reported so far. */
const reports = async () => (await badRows.get()).values.reduce((sum, { value }) => sum + value, 0);

const badMessages: [string, string][] = [
  ['a time without end', `created_at = 'infinity'`],
  ['a time before all times', `created_at = '-infinity'`],
  ['a year of five digits', `edited_at = '10000-01-01T00:00:00Z'`],
  ['a year before Christ', `pinned_at = '0044-03-15 12:00:00 BC'`],
  ['a year before computers', `created_at = '1871-01-01T00:00:00Z'`],
  ['a preview that is none', `preview = '5'`],
  ['a preview of another shape', `preview = '{"url": ["x"], "title": {}}'`],
];

describe.each(badMessages)('I14: a message with %s', (_, assignment) => {
  async function withBadMessage() {
    const room = await aRoom(node, 5);
    await database.query(`update messages set ${assignment} where conversation_id = $1 and seq = 3`, [
      room.conversationId,
    ]);
    return room;
  }
  const isAsItShould = (messages: readonly Message[]) =>
    expect(messages).toMatchObject(
      [1, 2, 3, 4, 5].map((seq) =>
        seq === 3
          ? { seq, rev: 3, body: '', reactions: [], deletedAt: expect.any(String) }
          : { seq, rev: seq, body: `message ${seq}` },
      ),
    );

  test('is a tombstone at every door, and its neighbours are there', async () => {
    const { author, reader, conversationId } = await withBadMessage();
    const before = await reports();
    isAsItShould(await everything(node, reader, conversationId));
    isAsItShould((await node.conversations.list(reader, conversationId, { limit: 50 })).items);
    const socket = await node.subscriber(reader, personalFeed(reader.userId));
    isAsItShould((await node.conversations.open(reader, { conversationId }, socket)).messages!);
    const { changes } = await node.conversations.open(reader, { conversationId, rev: 0 }, socket);
    expect(changes!.map(({ kind, rev }) => [kind, rev])).toEqual(
      [1, 2, 3, 4, 5].map((rev) => [rev === 3 ? 'deleted' : 'message', rev]),
    );
    expect(await sync(node, reader, conversationId, 0)).toMatchObject({
      rev: 5,
      changes: [
        { rev: 1 },
        { rev: 2 },
        { kind: 'deleted', rev: 3, message: { seq: 3, body: '' } },
        { rev: 4 },
        { rev: 5 },
      ],
    });
    await expect(node.details.pinned(reader, conversationId)).resolves.toMatchObject({});
    await node.indexer.catchUp();
    const found = await node.search.find(reader, { q: 'message', conversationId, limit: 20 });
    expect(found.items.map(({ message }) => message.seq)).toEqual([5, 4, 2, 1]);
    await expect(node.conversations.mine(reader, { limit: 50 })).resolves.toMatchObject({ items: expect.any(Array) });
    expect(await reports()).toBe(before + 1);
    // A retry of the author is acknowledged.
    const [{ id } = { id: '' }] = await database.query<{ id: string }>(
      'select id from messages where conversation_id = $1 and seq = 3',
      [conversationId],
    );
    expect(await node.log.append(author, { conversationId, id, body: 'message 3' })).toMatchObject({
      isNew: false,
      message: { seq: 3, body: '' },
    });
  });

  test('stops neither the frames of its conversation nor the others of a batch', async () => {
    const { author, reader, conversationId, ids } = await withBadMessage();
    const other = await aRoom(node);
    await node.subscriber(reader, conversationFeed(conversationId));
    await node.subscriber(other.reader, conversationFeed(other.conversationId));
    await Promise.all([
      node.log.react(reader, { conversationId, id: ids[2]!, emoji: '🎉', on: true }),
      node.log.pin(reader, { conversationId, id: ids[2]!, on: true }).catch(() => undefined),
      node.log.append(author, { conversationId, id: uuidv7(), body: 'after it' }),
      node.log.append(other.author, { conversationId: other.conversationId, id: uuidv7(), body: 'elsewhere' }),
    ]);
    await node.caughtUp(conversationId);
    await node.caughtUp(other.conversationId);
    expect(JSON.stringify(node.emitted(conversationId))).toContain('after it');
    // Committed by a node that died: read again from Postgres.
    await database.query(
      `with h as (update conversation_heads set rev = rev + 2 where conversation_id = $1 returning rev)
       update messages set rev = h.rev - 4 + seq, body = 'repaired' from h
         where conversation_id = $1 and seq in (3, 4)`,
      [conversationId],
    );
    await node.feeds.checkHeads();
    await node.caughtUp(conversationId);
    const repaired = node.emitted(conversationId).slice(-2);
    expect(repaired).toMatchObject([
      { kind: 'deleted', message: { seq: 3, body: '' } },
      { kind: 'message', message: { seq: 4, body: 'repaired' } },
    ]);
  });
});

const badTimes = ['infinity', '-infinity', '10000-01-01T00:00:00Z', '0044-03-15 12:00:00 BC'];

describe.each(badTimes)('I14: the time %s', (time) => {
  test.each(['muted_until', 'quiet_until', 'pinned_at'])('in %s of a membership fails nobody', async (column) => {
    const { author, reader, conversationId } = await aRoom(node, 2);
    await node.subscriber(author, conversationFeed(conversationId), personalFeed(author.userId));
    await database.query(
      `with h as (update conversation_heads set rev = rev + 1 where conversation_id = $1 returning rev),
         p as (insert into personal_heads (user_id, rev) values ($2, 1) on conflict (user_id) do update set rev = personal_heads.rev + 1 returning rev)
       update memberships set ${column} = $3, rev = h.rev, feed_rev = p.rev from h, p where conversation_id = $1 and user_id = $2`,
      [conversationId, reader.userId, time],
    );
    await node.feeds.checkHeads();
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId)).toMatchObject([{ kind: 'member', rev: 3 }]);
    const socket = await node.subscriber(reader, personalFeed(reader.userId));
    await expect(node.conversations.open(reader, { conversationId }, socket)).resolves.toMatchObject({
      messages: [{ seq: 1 }, { seq: 2 }],
    });
    const asked = { epoch: node.database.epoch, conversations: [{ conversationId, rev: 0 }] };
    expect((await node.feedSync.sync(reader, { ...asked, personal: 0 })).personal).toMatchObject({
      rev: 1,
      changes: [{ kind: 'membership' }],
    });
    expect((await node.feedSync.sync(reader, asked)).personal).toMatchObject({
      reset: { conversations: expect.arrayContaining([expect.objectContaining({ id: conversationId })]) },
    });
    // The batch of read marks holds the bad one and a good one.
    limits.readMarkIntervalMs = 10;
    await expect(
      Promise.all([reader, author].map((who) => node.readMarks.move(who, { conversationId, seq: 2 }))),
    ).resolves.toEqual([undefined, undefined]);
    // A send of the muted person is answered with a wait that fits the contract.
    await node.log
      .append(reader, { conversationId, id: uuidv7(), body: 'hm' })
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'muted', retryAfterMs: expect.any(Number) }));
  });
});

describe('I14: times that are out of bounds', () => {
  const [first, last] = ['2000-01-01T00:00:00.000Z', '2199-12-31T23:59:59.999Z'];
  const storedTimes = async (userId: string) =>
    (
      await database.query<{ muted: Date; quiet: Date }>(
        'select muted_until as muted, quiet_until as quiet from memberships where user_id = $1',
        [userId],
      )
    ).map(({ muted, quiet }) => [muted.toISOString(), quiet.toISOString()]);

  test.each([
    ['infinity', last],
    ['-infinity', first],
    ['9999-12-31T23:59:59.9999999Z', last],
    ['0001-01-01T00:00:00Z', first],
    ['2026-11-30T12:00:00.123999Z', '2026-11-30T12:00:00.123Z'],
  ])('%s is written as %s, also for a node of the release before', async (given, stored) => {
    const { reader, conversationId } = await aRoom(node);
    await database.query(`select from membership_change_v3($1, null, $2, 'mute', null, $3, 100, null, 10, 10)`, [
      conversationId,
      reader.userId,
      given,
    ]);
    await database.query(`select from membership_mark_v2($1, $2, null, null, null, null, true, $3, 50)`, [
      reader.userId,
      conversationId,
      given,
    ]);
    expect(await storedTimes(reader.userId)).toEqual([[stored, stored]]);
  });

  test('are clamped where they were stored before; others stay', async () => {
    const people = await Promise.all(badTimes.map(() => aGuest(node.database)));
    const bystander = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [...people, bystander] });
    const write = (userId: string, time: string) =>
      database.query(
        'update memberships set muted_until = $3, quiet_until = $3 where conversation_id = $1 and user_id = $2',
        [conversationId, userId, time],
      );
    for (const [index, { userId }] of people.entries()) await write(userId, badTimes[index]!);
    await write(bystander.userId, '2026-11-30T12:00:00Z');
    await database.query(new BoundedTimes1800000013001().sql);
    const found = await Promise.all([...people, bystander].map(({ userId }) => storedTimes(userId)));
    const all = [last, first, last, first, '2026-11-30T12:00:00.000Z'];
    expect(found).toEqual(all.map((time) => [[time, time]]));
  });
});

describe('I14: what has another shape', () => {
  test('is left out of a personal feed while its rev passes it', async () => {
    const { reader, conversationId } = await aRoom(node);
    const invited = await aConversation(node.database, { members: [reader] });
    await node.friends.changeFriend(await aGuest(node.database), reader.userId, 'request');
    await node.subscriber(reader, personalFeed(reader.userId));
    await database.query(
      `with p as (update personal_heads set rev = rev + 1 where user_id = $2 returning rev)
       update memberships set state = 'invited', invited_by = $2, invitation = '["no invitation"]', feed_rev = p.rev
       from p where conversation_id = $1 and user_id = $2`,
      [invited, reader.userId],
    );
    await node.feeds.checkHeads();
    await node.caughtUp(reader.userId);
    const personal = { epoch: node.database.epoch, conversations: [] };
    expect((await node.feedSync.sync(reader, { ...personal, personal: 0 })).personal).toMatchObject({
      rev: 2,
      more: false,
      changes: [{ kind: 'friend', rev: 1 }],
    });
    expect((await node.feedSync.sync(reader, personal)).personal).toMatchObject({
      reset: { rev: 2, invitations: [], friends: [{ state: 'received' }] },
    });
    await node.readMarks.flush();
    expect((await node.conversations.mine(reader, { limit: 50 })).items.map(({ id }) => id)).toContain(conversationId);
  });
});

describe('I14: a sweep', () => {
  test('of retention goes on after a conversation that fails', async () => {
    const rooms = await Promise.all([1, 2, 3].map(() => aRoom(node, 2)));
    await database.query(`update messages set created_at = created_at - interval '2 days'`);
    const ids = rooms.map(({ conversationId }) => conversationId).sort();
    // Further back than times go. The rows that are written later are read later.
    await database.query('update conversations set retention_ms = 9000000000000000000 where id = $1', [ids[1]]);
    await database.query('update conversations set retention_ms = 86400000 where id = any ($1::uuid[])', [
      [ids[0], ids[2]],
    ]);
    await node.retention.run();
    const left = await database.query<{ id: string }>(
      'select distinct conversation_id as id from messages where conversation_id = any ($1::uuid[])',
      [ids],
    );
    expect(left.map(({ id }) => id)).toEqual([ids[1]]);
    await database.query('update conversations set retention_ms = null where id = $1', [ids[1]]);
  });

  test('of memberships of people who are gone goes on after those that fail, also where they fill a step', async () => {
    limits.deletedUserCleanupStep = 2;
    const goers = await Promise.all([1, 2, 3, 4, 5].map(() => aGuest(node.database)));
    const conversationId = await aConversation(node.database, { members: goers });
    await database.query('update users set anonymised_at = now() where id = any ($1::uuid[])', [
      goers.map(({ userId }) => userId),
    ]);
    const failing = new Set(
      goers
        .map(({ userId }) => userId)
        .sort()
        .slice(0, 3),
    );
    const { leave } = node.memberships;
    jest.spyOn(node.memberships, 'leave').mockImplementation((id, userId) => {
      if (failing.has(userId)) throw new Error('poisoned');
      return leave.call(node.memberships, id, userId);
    });
    expect(await node.cleanup.run()).toBe(2);
    expect(
      await database.query('select from memberships where conversation_id = $1 and state = $2', [
        conversationId,
        'left',
      ]),
    ).toHaveLength(2);
    await database.query('update users set anonymised_at = null');
  });

  test('of the search index goes on after a conversation that fails, and ends', async () => {
    const rooms = await Promise.all([1, 2, 3].map(() => aRoom(node, 1)));
    const poisoned = rooms[1]!.conversationId;
    await database.query(
      `create function spec_poison() returns trigger language plpgsql as $$ begin
         if new.conversation_id = '${poisoned}' then raise invalid_parameter_value; end if; return new; end $$;
       create trigger spec_poison before insert on message_terms for each row execute function spec_poison()`,
    );
    try {
      await node.indexer.catchUp();
    } finally {
      await database.query('drop trigger spec_poison on message_terms; drop function spec_poison');
    }
    const found = async ({ reader, conversationId }: (typeof rooms)[number]) =>
      (await node.search.find(reader, { q: 'message', conversationId, limit: 5 })).items.length;
    expect(await Promise.all(rooms.map(found))).toEqual([1, 0, 1]);
    // What failed is tried again by the next sweep.
    await node.indexer.catchUp();
    expect(await found(rooms[1]!)).toBe(1);
  });

  test('of values that are written together keeps what is good', async () => {
    limits.readMarkIntervalMs = 10;
    const rooms = await Promise.all([1, 2, 3].map(() => aRoom(node, 1)));
    const poisoned = rooms[1]!.reader;
    await database.query(
      `create function spec_poison() returns trigger language plpgsql as $$ begin
         if new.user_id = '${poisoned.userId}' then raise invalid_parameter_value; end if; return new; end $$;
       create trigger spec_poison before update on memberships for each row execute function spec_poison()`,
    );
    try {
      const moved = rooms.map(({ reader, conversationId }) => node.readMarks.move(reader, { conversationId, seq: 1 }));
      expect((await Promise.allSettled(moved)).map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
    } finally {
      await database.query('drop trigger spec_poison on memberships; drop function spec_poison');
    }
  });
});

describe('I14: a frame', () => {
  test('that can’t be encoded is told without what is to blame, and the next ones come', async () => {
    const { author, reader, conversationId } = await aRoom(node);
    await node.subscriber(reader, conversationFeed(conversationId));
    const feed = conversationFeed(conversationId);
    const change = (rev: number, more: object = {}) => ({ kind: 'floor', rev, floorSeq: 0, ...more }) as never;
    const realtime = node.feeds.realtime;
    const emit = realtime.emit.bind(realtime);
    // As the server encodes it.
    jest.spyOn(realtime, 'emit').mockImplementation((rooms, fact, payload) => {
      JSON.stringify(payload);
      emit(rooms, fact, payload);
    });
    await database.query('update conversation_heads set rev = 2 where conversation_id = $1', [conversationId]);
    node.feeds.publish({ feed, fromRev: 0, toRev: 2, changes: [change(1, { loose: 1n }), change(2)], users: [] });
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId)).toMatchObject([{ rev: 2 }]);
    await node.log.append(author, { conversationId, id: uuidv7(), body: 'next' });
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId).at(-1)).toMatchObject({ kind: 'message', rev: 3 });
  });

  test('of another shape ends nothing: the feed begins anew at the head of Postgres', async () => {
    const { author, reader, conversationId } = await aRoom(node);
    await node.subscriber(reader, conversationFeed(conversationId));
    const feed = conversationFeed(conversationId);
    node.feeds.publish({ feed, fromRev: 0, toRev: 1, changes: [{ kind: 'message', rev: 1 } as never], users: [] });
    await node.log.append(author, { conversationId, id: uuidv7(), body: 'one' });
    await node.feeds.checkHeads();
    await node.caughtUp(conversationId);
    await node.log.append(author, { conversationId, id: uuidv7(), body: 'two' });
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId).at(-1)).toMatchObject({ kind: 'message', message: { body: 'two' } });
  });
});

test('work on which nobody waits is logged when it fails, at once or later', async () => {
  const error = jest.fn();
  const log = { error } as never;
  isolate(log, 'now', () => {
    throw new Error('now');
  });
  isolate(log, 'later', () => Promise.reject(new Error('later')));
  await new Promise((resume) => setImmediate(resume));
  expect(error.mock.calls.map(([event]) => event)).toEqual(['now', 'later']);
});
