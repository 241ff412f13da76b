import { limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import {
  type LogNode,
  aGuest,
  aRoom,
  conversationFeed,
  everything,
  personalFeed,
  startLogNode,
  sync,
} from '@cloudhop/api/conversations/testing';
import { friendServices } from '@cloudhop/api/friends/testing';
import { roomServices } from './testing';

const database = testDatabase();
let node: LogNode & ReturnType<typeof friendServices> & ReturnType<typeof roomServices>;

beforeAll(async () => {
  const started = await startLogNode(database.url);
  node = { ...started, ...friendServices(started), ...roomServices(started) };
  await node.conversations.ensureLobby(86_400_000);
});
afterAll(() => node.stop());

describe('members', () => {
  test('I6: a banned user is unsubscribed before anything later is emitted, and reads nothing more', async () => {
    const { author, reader, conversationId } = await aRoom(node, 1);
    const socket = await node.subscriber(reader, conversationFeed(conversationId), personalFeed(reader.userId));
    await node.subscriber(author, conversationFeed(conversationId), personalFeed(author.userId));
    await node.memberships.ban('server', conversationId, reader.userId);
    await node.log.append(author, { conversationId, id: uuidv7(), body: 'secret' });
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId).map(({ kind }) => kind)).toEqual(['member', 'message']);
    const frames = node.emissions.filter(
      ({ payload }) => 'conversationId' in payload && payload.conversationId === conversationId,
    );
    expect(frames).toHaveLength(2);
    expect(node.feeds.isSubscribed(socket, conversationFeed(conversationId))).toBe(false);
    expect(await sync(node, reader, conversationId, 1)).toEqual({ conversationId, gone: 'banned' });
    await expect(node.conversations.history(reader, { conversationId, limit: 5 })).rejects.toMatchObject({
      code: 'banned',
    });
    await expect(node.conversations.open(reader, { conversationId }, socket)).rejects.toMatchObject({ code: 'banned' });
    await expect(node.memberships.join(conversationId, reader.userId)).rejects.toMatchObject({ code: 'banned' });
  });

  test('joining sets the read mark to the head; leaving ends reading; a repeat writes nothing', async () => {
    const { conversationId } = await aRoom(node, 4);
    const late = await aGuest(node.database);
    await node.memberships.join(conversationId, late.userId);
    await node.memberships.join(conversationId, late.userId);
    const { items } = await node.conversations.mine(late, { limit: 50 });
    expect(items.find(({ id }) => id === conversationId)).toMatchObject({ readSeq: 4, seq: 4, rev: 5 });
    await node.memberships.leave(conversationId, late.userId);
    expect(await sync(node, late, conversationId, 5)).toEqual({ conversationId, gone: 'left' });
  });

  test('roles: nobody acts on their equals or betters', async () => {
    const { author, reader, conversationId } = await aRoom(node);
    const third = await aGuest(node.database);
    await node.memberships.join(conversationId, third.userId);
    await expect(node.memberships.ban(author, conversationId, reader.userId)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await node.memberships.appoint('server', conversationId, author.userId, 'owner');
    await node.memberships.appoint(author, conversationId, reader.userId, 'moderator');
    await expect(node.memberships.appoint(reader, conversationId, third.userId, 'moderator')).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(node.memberships.ban(reader, conversationId, author.userId)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      node.memberships.mute(reader, conversationId, third.userId, new Date(Date.now() + 1000)),
    ).resolves.toMatchObject({ mutedUntil: expect.any(String) });
  });

  describe('of people who were never there', () => {
    const mine = async (userId: string) => (await node.personal.changesAfter(userId, 0)).changes;
    const until = () => new Date(Date.now() + 60_000);

    test('a room’s moderators mute, unmute and promote nobody but those who have a membership, also who left', async () => {
      const { author: owner, reader: leaver, conversationId } = await aRoom(node);
      await node.memberships.appoint('server', conversationId, owner.userId, 'owner');
      const stranger = await aGuest(node.database);
      const verbs = [
        (userId: string) => node.memberships.mute(owner, conversationId, userId, until()),
        (userId: string) => node.memberships.unmute(owner, conversationId, userId),
        (userId: string) => node.memberships.appoint(owner, conversationId, userId, 'moderator'),
      ];
      for (const verb of verbs) await expect(verb(stranger.userId)).rejects.toMatchObject({ code: 'not_found' });
      expect(await mine(stranger.userId)).toEqual([]);
      await node.memberships.leave(conversationId, leaver.userId);
      for (const verb of verbs) await expect(verb(leaver.userId)).resolves.toMatchObject({ state: 'left' });
      await node.memberships.join(conversationId, leaver.userId);
      expect((await node.conversations.mine(leaver, { limit: 50 })).items.at(-1)).toMatchObject({ role: 'moderator' });
    });

    test('a ban of a stranger holds without a word in their feed, and so does all that follows until they are asked', async () => {
      const { author: owner, conversationId } = await aRoom(node);
      await node.memberships.appoint('server', conversationId, owner.userId, 'owner');
      const stranger = await aGuest(node.database);
      await node.subscriber(owner, conversationFeed(conversationId));
      expect(await node.memberships.ban(owner, conversationId, stranger.userId)).toMatchObject({ state: 'banned' });
      await expect(node.memberships.join(conversationId, stranger.userId)).rejects.toMatchObject({ code: 'banned' });
      await node.memberships.mute(owner, conversationId, stranger.userId, until());
      await expect(node.memberships.appoint(owner, conversationId, stranger.userId, 'moderator')).rejects.toMatchObject(
        { code: 'not_found' },
      );
      await node.memberships.unban(owner, conversationId, stranger.userId);
      await node.memberships.unmute(owner, conversationId, stranger.userId);
      expect(await mine(stranger.userId)).toEqual([]);
      await node.caughtUp(conversationId);
      expect(node.emitted(conversationId).map(({ kind }) => kind)).toEqual(Array(4).fill('member'));
      await node.memberships.change(owner, conversationId, stranger.userId, 'invite');
      expect(await mine(stranger.userId)).toMatchObject([{ kind: 'membership', membership: { state: 'invited' } }]);
    });

    test('in the lobby anybody is there', async () => {
      const lobbyId = await node.repository.lobbyId();
      const [muted, banned, moderator] = await Promise.all([1, 2, 3].map(() => aGuest(node.database)));
      await node.memberships.mute('server', lobbyId, muted!.userId, until());
      await node.memberships.ban('server', lobbyId, banned!.userId);
      await node.memberships.appoint('server', lobbyId, moderator!.userId, 'moderator');
      for (const { userId } of [muted!, banned!, moderator!])
        expect(await mine(userId)).toMatchObject([{ kind: 'membership' }]);
    });
  });

  test('read marks move forward only, are refused beyond the head, and reach the personal feed', async () => {
    const { reader, conversationId } = await aRoom(node, 5);
    await node.subscriber(reader, personalFeed(reader.userId));
    limits.readMarkIntervalMs = 10;
    const mark = async (seq: number) => {
      // Stored before it resolves: a client never repeats an acknowledged mark.
      await node.readMarks.move(reader, { conversationId, seq });
      return (await node.conversations.mine(reader, { limit: 50 })).items.find(({ id }) => id === conversationId)!
        .readSeq;
    };
    expect([await mark(3), await mark(3), await mark(5)]).toEqual([3, 3, 5]);
    await expect(mark(2)).rejects.toMatchObject({
      code: 'invalid',
      fields: { seq: 'must not be before the stored mark' },
    });
    await expect(mark(99)).rejects.toMatchObject({
      code: 'invalid',
      fields: { seq: 'must not be after the last message' },
    });
    await node.caughtUp(reader.userId);
    const personal = node.emissions.filter(({ rooms }) => rooms[0]!.includes(reader.userId));
    expect(personal.at(-1)).toMatchObject({
      fact: 'personal:changed',
      payload: { changes: [{ kind: 'membership', membership: { readSeq: 5 } }] },
    });
  });

  test('a change of settings reaches readers live and by sync', async () => {
    const { reader, conversationId } = await aRoom(node, 1);
    await node.subscriber(reader, conversationFeed(conversationId));
    await node.memberships.appoint('server', conversationId, reader.userId, 'moderator');
    await node.rooms.change(reader, conversationId, { name: '讀書會', slowModeMs: 5_000 });
    await node.caughtUp(conversationId);
    const settings = { title: '讀書會', slowModeMs: 5_000 };
    expect(node.emitted(conversationId).at(-1)).toEqual({ kind: 'settings', rev: 3, settings });
    expect(await sync(node, reader, conversationId, 2)).toMatchObject({
      changes: [{ kind: 'settings', rev: 3, settings }],
    });
  });
});

describe('retention', () => {
  test('the floor rises by age, readers honour it at once, and rows go later', async () => {
    const { reader, conversationId } = await aRoom(node, 10);
    await node.database.query(
      `update messages set created_at = created_at - interval '2 days' where conversation_id = $1 and seq <= 7`,
      [conversationId],
    );
    await node.database.query(`update conversations set retention_ms = 86400000 where id = $1`, [conversationId]);
    await node.subscriber(reader, conversationFeed(conversationId));
    expect(await node.retention.raiseFloor(conversationId, 86_400_000)).toBe(7);
    expect((await everything(node, reader, conversationId)).map(({ seq }) => seq)).toEqual([8, 9, 10]);
    expect(await sync(node, reader, conversationId, 0)).toMatchObject({ floorSeq: 7 });
    await node.retention.run();
    const [left] = await node.database.query<{ count: number }>(
      'select count(*)::int from messages where conversation_id = $1',
      [conversationId],
    );
    expect(left!.count).toBe(3);
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId)).toMatchObject([{ kind: 'floor', rev: 11, floorSeq: 7 }]);
  });
});

test('retention goes by the clock of the database: a node that is a day ahead erases nothing young', async () => {
  const { reader, conversationId } = await aRoom(node, 3);
  await node.database.query(`update conversations set retention_ms = 86400000 where id = $1`, [conversationId]);
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    jest.setSystemTime(Date.now() + 25 * 3_600_000);
    await node.retention.run();
  } finally {
    jest.useRealTimers();
  }
  expect(await everything(node, reader, conversationId)).toHaveLength(3);
});

describe('creating a room', () => {
  const aNewRoom = () =>
    ({ id: uuidv7(), name: 'Hikers', visibility: 'public', guests: 'write', isAnnouncement: false }) as const;
  const choices = (...slugs: string[]) => slugs.map((slug) => ({ slug, skeleton: slug }));
  const headsOf = (id: string) =>
    node.database.query('select from conversation_heads where conversation_id = $1', [id]);

  test('writes nothing when every address of it is taken', async () => {
    const { userId } = await aGuest(node.database);
    for (const slug of ['hikers', 'hikers-2'])
      await node.roomSettingsRepository.create(userId, aNewRoom(), choices(slug), false);
    const room = aNewRoom();
    const told = await node.roomSettingsRepository.create(userId, room, choices('hikers', 'hikers-2'), false);
    expect(told.map(({ code }) => code)).toEqual(['slug_taken']);
    expect(await headsOf(room.id)).toEqual([]);
  });

  test('of two people who choose one id at once, one gets the room', async () => {
    const people = [await aGuest(node.database), await aGuest(node.database)];
    const room = aNewRoom();
    const told = await Promise.all(
      people.map(({ userId }) => node.roomSettingsRepository.create(userId, room, choices(`one-${userId}`), false)),
    );
    expect(told.flat().map(({ code }) => code)).toEqual(expect.arrayContaining([null, 'id_taken']));
    expect(await headsOf(room.id)).toHaveLength(1);
  });
});
