import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { FactPayload, FriendPresence, PersonalSettings } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { io } from 'socket.io-client';
import { type Visitor, aGuestSession, aVisitor, until } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-together-'));
let api: ApiProcess;
const limits = {
  guestsPerMinute: 1_000,
  presenceIntervalMs: 50,
  presenceGraceMs: 600,
  readMarkIntervalMs: 20,
  readTellIntervalMs: 20,
  typingIntervalMs: 50,
  typingRepeatMs: 100,
  typingLeaseMs: 400,
};

beforeAll(async () => {
  const file = join(folder, 'limits.json');
  writeFileSync(file, JSON.stringify(limits));
  api = await startApiProcess({ databaseUrl: database.url, dataDir: folder, env: { LIMITS_FILE: file } });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const aPerson = () => aVisitor(api.url);

const again = ({ user, token }: Visitor, url = api.url) => aVisitor(url, { user, accessToken: token, expiresAt: '' });

async function befriend(one: Visitor, two: Visitor): Promise<void> {
  await one.request('friend:request', { userId: two.user.id });
  await two.request('friend:accept', { userId: one.user.id });
}

async function friends(): Promise<[Visitor, Visitor]> {
  const [one, two] = [await aPerson(), await aPerson()];
  await befriend(one, two);
  await until(() => statusOf(one, two)?.status === 'online' && statusOf(two, one)?.status === 'online');
  return [one, two];
}

/** Returns the latest presence status of a user that the viewer received. */
function statusOf({ facts }: Visitor, { user }: Visitor): FriendPresence | undefined {
  let status: FriendPresence | undefined;
  for (const { name, payload } of facts) {
    if (name !== 'status:changed') continue;
    const { friends, isAll } = payload as FactPayload<'status:changed'>;
    if (isAll) status = undefined;
    status = friends.find(({ userId }) => userId === user.id) ?? status;
  }
  return status;
}

const change = (visitor: Visitor, settings: Partial<PersonalSettings>) => visitor.rest('PATCH', '/settings', settings);

async function direct(one: Visitor, two: Visitor): Promise<string> {
  const response = await one.rest('POST', '/conversations/direct', { userId: two.user.id });
  return ((await response.json()) as { id: string }).id;
}

/** A direct conversation that both have open. */
async function openDirect(one: Visitor, two: Visitor): Promise<string> {
  const conversationId = await direct(one, two);
  for (const each of [one, two])
    await until(async () => (await each.request('conversation:open', { conversationId })).ok);
  return conversationId;
}

async function say(visitor: Visitor, conversationId: string): Promise<void> {
  const reply = await visitor.request('message:send', { conversationId, id: uuidv7(), body: 'hello' });
  expect(reply).toMatchObject({ ok: true });
}

function factsOf<N extends 'read:changed' | 'typing:changed'>({ facts }: Visitor, fact: N): FactPayload<N>[] {
  return facts.flatMap(({ name, payload }) => (name === fact ? [payload as FactPayload<N>] : []));
}

/** Counts the facts that told the viewer of the status of somebody, after the first `from` facts; of all friends at once does not count. */
function timesTold({ facts }: Visitor, { user }: Visitor, from = 0): number {
  return facts.slice(from).filter(({ name, payload }) => {
    if (name !== 'status:changed') return false;
    const { friends, isAll } = payload as FactPayload<'status:changed'>;
    return isAll !== true && friends.some(({ userId }) => userId === user.id);
  }).length;
}

/** Returns the stored time at which a user was last seen. */
async function lastSeenAt({ user }: Visitor): Promise<Date | undefined> {
  const [row] = await database.query<{ at: Date }>('select at from last_seen where user_id = $1', [user.id]);
  return row?.at;
}

/**
 * Resolves once another friend of the viewer went away and the viewer was told: by then the viewer was told of everybody
 * whose devices had changed or gone before, and it is stored when they were last seen.
 */
async function presencePassed(viewer: Visitor): Promise<void> {
  const witness = await aPerson();
  await befriend(viewer, witness);
  await until(() => statusOf(viewer, witness)?.status === 'online');
  witness.socket.disconnect();
  await until(() => statusOf(viewer, witness)?.status === 'offline');
  await until(async () => (await lastSeenAt(witness)) !== undefined);
}

describe('presence', () => {
  it('merges devices: online where any is, idle where all are, offline when the last is gone, with when that was', async () => {
    const [one, two] = await friends();
    const phone = await again(two);
    await two.request('presence:set', { idle: true });
    await presencePassed(one);
    expect(statusOf(one, two)).toEqual({ userId: two.user.id, status: 'online' });
    await phone.request('presence:set', { idle: true });
    await until(() => statusOf(one, two)?.status === 'idle');
    phone.socket.disconnect();
    await presencePassed(one);
    expect(statusOf(one, two)?.status).toBe('idle');
    two.socket.disconnect();
    await until(() => statusOf(one, two)?.status === 'offline');
    const { lastSeenAt } = statusOf(one, two)!;
    expect(Date.parse(lastSeenAt!) % 300_000).toBe(0);
    // Also to a device that comes later.
    await until(async () => statusOf(await again(one), two)?.lastSeenAt === lastSeenAt);
  });

  it('is for friends only, and ends with the friendship', async () => {
    const [one, two] = await friends();
    const stranger = await aPerson();
    await one.request('friend:remove', { userId: two.user.id });
    two.socket.disconnect();
    await presencePassed(one);
    // An answer comes after everything that the socket was told before.
    await stranger.request('presence:set', { hidden: false });
    expect(statusOf(one, two)?.status).toBe('online');
    expect(statusOf(await again(one), two)).toBeUndefined();
    expect(stranger.facts.filter(({ name, payload }) => name === 'status:changed' && !('isAll' in payload))).toEqual(
      [],
    );
  });

  it('takes no notice of a reload', async () => {
    const [one, two] = await friends();
    const witness = await aPerson();
    await befriend(one, witness);
    await until(() => statusOf(one, witness)?.status === 'online');
    const before = one.facts.length;
    two.socket.disconnect();
    // A round in which somebody without a grace would be told to be gone.
    await witness.request('presence:set', { idle: true });
    await until(() => statusOf(one, witness)?.status === 'idle');
    await again(two);
    await presencePassed(one);
    expect(timesTold(one, two, before)).toBe(0);
  });

  it('appears offline everywhere, and last seen stands still', async () => {
    const [one, two] = await friends();
    await change(two, { appearsOffline: true });
    await until(() => statusOf(one, two)?.status === 'offline');
    const reply = await one.request('presence:list', { conversationId: one.lobbyId });
    expect(reply.ok && reply.data.items.some(({ id }) => id === two.user.id)).toBe(false);
    await until(async () => (await lastSeenAt(two)) !== undefined);
    await database.query(`update last_seen set at = now() - interval '1 day' where user_id = $1`, [two.user.id]);
    two.socket.disconnect();
    await presencePassed(one);
    const seen = statusOf(await again(one), two)!;
    expect(Date.parse(seen.lastSeenAt!)).toBeLessThan(Date.now() - 23 * 3_600_000);
    await change(two, { appearsOffline: false });
  });

  it('tells nobody when one was last seen who does not want it, nor anybody to them', async () => {
    const [one, two] = await friends();
    await change(two, { showsLastSeen: false });
    await presencePassed(one);
    two.socket.disconnect();
    await until(() => statusOf(one, two)?.status === 'offline');
    expect(statusOf(one, two)).toEqual({ userId: two.user.id, status: 'offline' });
    const returned = await again(two);
    one.socket.disconnect();
    await until(() => statusOf(returned, one)?.status === 'offline');
    await until(async () => (await lastSeenAt(one)) !== undefined);
    for (const device of [returned, await again(two)])
      expect(statusOf(device, one)).toEqual({ userId: one.user.id, status: 'offline' });
  });

  it.each([
    ['goes right after', async (person: Visitor) => void person.socket.disconnect()],
    ['appears offline at once', async (person: Visitor) => void (await change(person, { appearsOffline: true }))],
  ])('tells not even once when somebody was seen who turns that off and %s', async (_how, leave) => {
    const [one, two] = await friends();
    const before = one.facts.length;
    await change(two, { showsLastSeen: false });
    await leave(two);
    await until(() => statusOf(one, two)?.status === 'offline');
    await presencePassed(one);
    const told = JSON.stringify(one.facts.slice(before).filter(({ name }) => name === 'status:changed'));
    expect(told).not.toMatch(new RegExp(`${two.user.id}"[^}]*lastSeenAt`));
  });

  it('a new name reaches friends who are nowhere together', async () => {
    const [one, two] = await friends();
    await one.request('presence:set', { hidden: true });
    await two.rest('PATCH', '/auth/me', { displayName: '小桃' });
    const names = () =>
      one.facts.flatMap(({ name, payload }) =>
        name === 'status:changed'
          ? (payload as FactPayload<'status:changed'>).users.map((user) => user.displayName)
          : [],
      );
    await until(() => names().includes('小桃'));
  });

  it('ten thousand changes a minute are limited, and told as few', async () => {
    const [one, two] = await friends();
    const before = one.facts.length;
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, n) => two.raw('presence:set', { idle: n % 2 === 0 })),
    );
    expect(replies.some((reply) => !reply.ok && reply.error.code === 'rate_limited')).toBe(true);
    await presencePassed(one);
    expect(timesTold(one, two, before)).toBeLessThan(20);
  });
});

test('nobody stays online after the server died', async () => {
  const file = join(folder, 'limits.json');
  const options = { databaseUrl: database.url, dataDir: folder, env: { LIMITS_FILE: file } };
  const doomed = await startApiProcess(options);
  const [one, two] = [await aVisitor(doomed.url), await aVisitor(doomed.url)];
  await befriend(one, two);
  await until(() => statusOf(one, two)?.status === 'online');
  await doomed.kill();
  const reborn = await startApiProcess({ ...options, port: Number(new URL(doomed.url).port) });
  const back = await again(one, reborn.url);
  await until(() => statusOf(back, two)?.status === 'offline');
  const returned = await again(two, reborn.url);
  await until(() => statusOf(back, returned)?.status === 'online');
}, 30_000);

describe('receipts', () => {
  it('say what was delivered and read, live and when one opens it, and only ever more', async () => {
    const [one, two] = await friends();
    const conversationId = await direct(one, two);
    for (let n = 0; n < 3; n++) await say(one, conversationId);
    await two.request('conversation:read', { conversationId, deliveredSeq: 3 });
    await two.request('conversation:read', { conversationId, seq: 2 });
    await until(() => factsOf(one, 'read:changed').at(-1)?.marks[0]?.readSeq === 2);
    const mark = { userId: two.user.id, readSeq: 2, deliveredSeq: 3 };
    expect(factsOf(one, 'read:changed').at(-1)).toEqual({ conversationId, marks: [mark] });
    const reply = await one.request('conversation:open', { conversationId });
    expect(reply).toMatchObject({ ok: true, data: { readMarks: [mark] } });
    const backwards = await two.request('conversation:read', { conversationId, seq: 1 });
    expect(backwards).toMatchObject({ ok: false, error: { code: 'invalid' } });
    const beyond = await two.request('conversation:read', { conversationId, seq: 99 });
    expect(beyond).toMatchObject({ ok: false, error: { code: 'invalid', fields: { seq: expect.any(String) } } });
  });

  it('go both ways or not at all: what was read meanwhile is never told', async () => {
    const [one, two] = await friends();
    const conversationId = await direct(one, two);
    await say(one, conversationId);
    await say(two, conversationId);
    await change(two, { sendsReceipts: false });
    await two.request('conversation:read', { conversationId, seq: 2, deliveredSeq: 2 });
    await one.request('conversation:read', { conversationId, seq: 2 });
    // A mark that a third person sets later, and lets be known, is told later.
    const three = await aPerson();
    await befriend(one, three);
    const other = await openDirect(one, three);
    await say(one, other);
    await three.request('conversation:read', { conversationId: other, seq: 1 });
    await until(() => factsOf(one, 'read:changed').some((fact) => fact.conversationId === other));
    await two.request('presence:set', { hidden: false });
    for (const each of [one, two])
      expect(factsOf(each, 'read:changed').filter((fact) => fact.conversationId === conversationId)).toEqual([]);
    const marksOf = async (visitor: Visitor) => {
      const reply = await visitor.request('conversation:open', { conversationId });
      return reply.ok ? reply.data.readMarks : reply.error;
    };
    expect([await marksOf(one), await marksOf(two)]).toEqual([[], undefined]);
    await change(two, { sendsReceipts: true });
    expect(await marksOf(one)).toEqual([{ userId: two.user.id, readSeq: 0, deliveredSeq: 0 }]);
  });
});

describe('typing', () => {
  it('is told with names, and vanishes by itself', async () => {
    const [one, two] = await friends();
    const conversationId = await openDirect(one, two);
    await two.request('typing:set', { conversationId, on: true });
    await until(() => factsOf(one, 'typing:changed').at(-1)?.count === 1);
    expect(factsOf(one, 'typing:changed').at(-1)).toMatchObject({
      conversationId,
      userIds: [two.user.id],
      users: [{ displayName: two.user.displayName }],
    });
    await until(() => factsOf(one, 'typing:changed').at(-1)?.count === 0);
  });

  it('is refused where one is not, and reaches nobody after a block, either way', async () => {
    const [one, two] = await friends();
    const conversationId = await direct(one, two);
    // Known before the block, which reaches new guests from the same address.
    const three = await aPerson();
    await befriend(one, three);
    const other = await openDirect(one, three);
    const stranger = await aPerson();
    const refused = await stranger.request('typing:set', { conversationId, on: true });
    expect(refused).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await one.request('user:block', { userId: two.user.id });
    for (const each of [one, two]) {
      await each.request('conversation:open', { conversationId });
      await each.request('typing:set', { conversationId, on: true });
    }
    // A third person begins and stops later: the second of the two is told an interval after the first.
    const isTold = (count: number) =>
      factsOf(one, 'typing:changed').some((fact) => fact.conversationId === other && fact.count === count);
    for (const on of [true, false]) {
      await three.request('typing:set', { conversationId: other, on });
      await until(() => isTold(on ? 1 : 0));
    }
    await two.request('presence:set', { hidden: false });
    const seenOf = (viewer: Visitor, typer: Visitor) =>
      factsOf(viewer, 'typing:changed').filter(({ userIds }) => userIds.includes(typer.user.id));
    expect([seenOf(one, two), seenOf(two, one)]).toEqual([[], []]);
  });

  it('of who appears offline is told to nobody', async () => {
    const [one, two] = await friends();
    await change(two, { appearsOffline: true });
    await two.request('typing:set', { conversationId: two.lobbyId, on: true });
    // Who types there later is told together with everybody who did before.
    const three = await aPerson();
    await three.request('typing:set', { conversationId: two.lobbyId, on: true });
    await until(() => factsOf(one, 'typing:changed').some(({ userIds }) => userIds.includes(three.user.id)));
    expect(factsOf(one, 'typing:changed').filter(({ userIds }) => userIds.includes(two.user.id))).toEqual([]);
  });
});

test('who closes in the middle of the handshake is nowhere', async () => {
  const watcher = await aVisitor(api.url);
  const sessions = await Promise.all(Array.from({ length: 5 }, () => aGuestSession(api.url)));
  for (let round = 0; round < 8; round++)
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const { accessToken: token } = sessions[n % sessions.length]!;
        const socket = io(api.url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
        await new Promise((resolve) => socket.io.once('open', resolve as () => void));
        await new Promise((resume) => setTimeout(resume, n + round / 8));
        socket.io.engine.close();
      }),
    );
  const count = async () => {
    const reply = await watcher.request('presence:list', { conversationId: watcher.lobbyId });
    return reply.ok ? reply.data.count : NaN;
  };
  await until(async () => (await count()) === 1, 10_000);
}, 20_000);
