import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@cloudhop/api/platform';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { limits as wire, maxStoredTime, minStoredTime } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { RoomsOf, join as joinRoom } from './testing/rooms';
import { type Visitor, aVisitor } from './testing/visitor';

/** The most extreme of what the contract accepts goes in by every write, and comes out at every door. */

const database = testDatabase();
let api: ApiProcess;
let folder: string;
const rooms = new RoomsOf(() => api);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-extremes-'));
  const paced = Object.keys(limits).filter((name) => name.endsWith('PerMinute'));
  const roomy = { requestsPerSecond: 100_000, readMarkIntervalMs: 1, draftIntervalMs: 1 };
  for (const name of paced) Object.assign(roomy, { [name]: 100_000 });
  writeFileSync(join(folder, 'limits.json'), JSON.stringify(roomy));
  api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: join(folder, 'limits.json') } });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const time = fc.oneof(
  fc.constantFrom(
    minStoredTime,
    maxStoredTime,
    '2024-02-29T23:59:59.9999999Z',
    '2200-01-01T00:00:00Z',
    '9999-12-31T23:59:59.9999999Z',
  ),
  fc
    .tuple(
      fc.date({ min: new Date(minStoredTime), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.nat(9_999_999),
    )
    .map(([date, fraction]) => `${date.toISOString().slice(0, 19)}.${fraction}Z`),
);
const text = (graphemes: number) =>
  fc.oneof(
    fc.constantFrom(
      'x'.repeat(graphemes),
      '👩‍👩‍👧‍👦'.repeat(Math.min(graphemes, 12)),
      `Z${'\u0301'.repeat(wire.combiningMarks)}`,
      '\u{10ffff}',
      '\ufffd\ufffe',
      '\\u0000 \\ud800 %00 "\'\\',
      'مُحَمَّد \u200f\u05d0',
      '${x} $1 {{x}} \\x00',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(graphemes, 40) }),
  );
const emoji = fc.constantFrom('🎉', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '#️⃣');

const inputs = fc.record({
  mutedUntil: time,
  quietUntil: time,
  body: text(wire.messageGraphemes),
  edited: text(wire.messageGraphemes),
  draft: fc.oneof(text(wire.messageGraphemes), fc.constant('')),
  title: text(wire.titleGraphemes),
  topic: text(wire.topicGraphemes),
  note: text(wire.noteGraphemes),
  name: text(wire.displayNameGraphemes),
  emoji,
  slowModeMs: fc.constantFrom(0, wire.slowModeMs),
  retentionMs: fc.constantFrom(wire.retentionMinMs, wire.retentionMaxMs, null),
  maxUses: fc.constantFrom(1, 10_000),
  inviteMs: fc.constantFrom(60_000, 366 * 24 * 3_600_000),
  tokenMs: fc.constantFrom(60_000, 3_653 * 24 * 3_600_000),
});
type Inputs = typeof inputs extends fc.Arbitrary<infer T> ? T : never;

interface World {
  owner: Visitor;
  member: Visitor;
  ownerId: string;
  memberId: string;
  roomId: string;
  directId: string;
}

/** Asks; what is accepted is written, and what is refused is refused by a rule. */
async function write(visitor: Visitor, method: string, path: string, body: object): Promise<boolean> {
  const response = await visitor.rest(method, path, body);
  const answer = await response.text();
  expect({ method, path, body, status: response.status, answer, isFine: response.status < 500 }).toMatchObject({
    isFine: true,
  });
  return response.ok;
}

async function request(visitor: Visitor, name: string, payload: object): Promise<boolean> {
  const reply = await visitor.raw(name, payload);
  const code = reply.ok ? 'ok' : reply.error.code;
  expect({ name, payload, code, isFine: !['internal', 'unavailable'].includes(code) }).toMatchObject({ isFine: true });
  return reply.ok;
}

async function writeAll({ owner, member, roomId, directId, memberId, ownerId }: World, given: Inputs): Promise<void> {
  const [id, directMessage] = [uuidv7(), uuidv7()];
  const isSent = await request(owner, 'message:send', { conversationId: roomId, id, body: given.body });
  await request(member, 'message:send', { conversationId: directId, id: directMessage, body: given.body });
  if (isSent) {
    await request(owner, 'message:edit', { conversationId: roomId, id, body: given.edited, editId: uuidv7() });
    await request(member, 'message:react', { conversationId: roomId, id, emoji: given.emoji, on: true });
    await request(owner, 'message:pin', { conversationId: roomId, id, on: true });
    await request(owner, 'message:send', { conversationId: roomId, id: uuidv7(), body: given.body, replyTo: id });
  }
  await request(member, 'draft:set', { conversationId: roomId, body: given.draft });
  await request(member, 'friend:request', { userId: ownerId, note: given.note });
  // Times that are stored are accepted, all of them.
  expect(await write(owner, 'PATCH', `/rooms/${roomId}/members/${memberId}`, { mutedUntil: given.mutedUntil })).toBe(
    true,
  );
  for (const conversationId of [roomId, directId, member.lobbyId])
    expect(
      await write(member, 'PATCH', `/conversations/${conversationId}/membership`, { quietUntil: given.quietUntil }),
    ).toBe(true);
  await write(member, 'PATCH', `/conversations/${roomId}/membership`, {
    isPinned: true,
    isArchived: true,
    clearedSeq: Number.MAX_SAFE_INTEGER,
  });
  await write(member, 'PATCH', '/auth/me', { displayName: given.name });
  for (const change of [
    { name: given.title },
    { topic: given.topic },
    { slowModeMs: given.slowModeMs },
    { retentionMs: given.retentionMs },
  ])
    await write(owner, 'PATCH', `/rooms/${roomId}`, change);
  await write(owner, 'POST', `/rooms/${roomId}/invites`, { maxUses: given.maxUses, expiresInMs: given.inviteMs });
  await write(owner, 'POST', '/tokens', { label: given.name, scopes: ['messages:read'], expiresInMs: given.tokenMs });
}

/** Everything that reads, for somebody who is in the room and in the direct conversation. */
async function readAll(visitor: Visitor, { roomId, directId, memberId }: World, given: Inputs): Promise<void> {
  const ids = [roomId, directId, visitor.lobbyId];
  const most = Number.MAX_SAFE_INTEGER;
  const { data } = (await visitor.raw('feed:sync', {})) as { data: { epoch: string } };
  const asks: [string, object][] = [
    ['feed:sync', {}],
    [
      'feed:sync',
      { epoch: data.epoch, personal: 0, conversations: ids.map((conversationId) => ({ conversationId, rev: 0 })) },
    ],
    [
      'feed:sync',
      {
        epoch: data.epoch,
        personal: most,
        conversations: ids.map((conversationId) => ({ conversationId, rev: most })),
      },
    ],
    ...ids.flatMap((conversationId): [string, object][] => [
      ['conversation:open', { conversationId }],
      ['conversation:open', { conversationId, rev: 0 }],
      ['conversation:open', { conversationId, rev: most }],
      ...(['before', 'after', 'around'] as const).map((where): [string, object] => [
        'conversation:history',
        { conversationId, [where]: most },
      ]),
    ]),
    ['user:lookup', { users: [{ id: memberId, profileRev: most }, { id: memberId }] }],
  ];
  for (const [name, payload] of asks) {
    const reply = await visitor.raw(name, payload);
    expect({ name, payload, reply }).toMatchObject({ reply: { ok: true } });
  }
  const words = given.body.slice(0, 60).toWellFormed();
  const routes = [
    '/conversations',
    '/rooms',
    `/rooms?q=${encodeURIComponent(given.title.slice(0, 60).toWellFormed())}`,
    `/rooms/${roomId}`,
    `/rooms/${roomId}/members`,
    `/rooms/${roomId}/messages`,
    ...ids.flatMap((id) => [`/conversations/${id}/messages`, `/conversations/${id}/pins`]),
    ...['0000-01-01T00:00:00Z', given.mutedUntil, '9999-12-31T23:59:59.9999999Z'].map(
      (at) => `/conversations/${roomId}/seek?at=${at}`,
    ),
    `/friends`,
    `/users/${memberId}`,
    '/settings',
    '/auth/me',
    '/auth/sessions',
    '/tokens',
  ];
  for (const path of routes) {
    const response = await visitor.rest('GET', path);
    expect({ path, status: response.status, answer: await response.text() }).toMatchObject({ status: 200 });
  }
  const search = await visitor.rest('GET', `/search?q=${encodeURIComponent(words)}`);
  expect({ words, status: search.status, isFine: search.status < 500 }).toMatchObject({ isFine: true });
}

test('I14: whatever the contract accepts is stored, and is read at every door', async () => {
  const [owner, member] = await Promise.all(
    [rooms.aMember(), rooms.aMember()].map(async (made) => {
      const { user, token } = await made;
      return aVisitor(api.url, { user, accessToken: token, expiresAt: '' }, { isLasting: true });
    }),
  );
  const { id: roomId } = await rooms.aRoom(owner!);
  await joinRoom(member!, roomId);
  await owner!.rest('PATCH', '/settings', { whoMayMessage: 'anyone' });
  const direct = await member!.rest('POST', '/conversations/direct', { userId: owner!.user.id });
  const { id: directId } = (await direct.json()) as { id: string };
  const world = {
    owner: owner!,
    member: member!,
    ownerId: owner!.user.id,
    memberId: member!.user.id,
    roomId,
    directId,
  };
  await fc.assert(
    fc.asyncProperty(inputs, async (given) => {
      await writeAll(world, given);
      await readAll(owner!, world, given);
      await readAll(member!, world, given);
    }),
    { numRuns: 10 },
  );
  const stored = await database.query<{ times: number }>(
    `select count(*)::int as times from memberships where muted_until is not null and quiet_until is not null
       and muted_until = date_trunc('milliseconds', muted_until) and muted_until between $1 and $2`,
    [minStoredTime, maxStoredTime],
  );
  expect(stored).toEqual([{ times: 1 }]);
  expect([owner!.socket.connected, member!.socket.connected]).toEqual([true, true]);
}, 120_000);

test.each(['1999-12-31T23:59:59.999Z', '0000-01-01T00:00:00Z'])(
  'I14: the time %s is refused with its field',
  async (at) => {
    const [owner, member] = [await rooms.aMember(), await rooms.aMember()];
    const { id } = await rooms.aRoom(owner);
    await joinRoom(member, id);
    for (const [path, field] of [
      [`/rooms/${id}/members/${member.user.id}`, 'mutedUntil'],
      [`/conversations/${id}/membership`, 'quietUntil'],
    ] as const) {
      const response = await owner.rest('PATCH', path, { [field]: at });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error: { code: 'invalid', fields: { [field]: expect.any(String) } } },
      ]);
    }
  },
);
