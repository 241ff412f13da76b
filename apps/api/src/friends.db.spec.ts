import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { FactPayload, Session } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aVisitor, until } from './testing/visitor';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-friends-'));
let api: ApiProcess;
let other: ApiProcess;

beforeAll(async () => {
  // Each test's people come from an address of their own: a block of a guest reaches that far.
  const limits = join(folder, 'limits.json');
  writeFileSync(limits, JSON.stringify({ requestsPerSecond: 10_000, draftIntervalMs: 50 }));
  const env = { TRUSTED_PROXIES: '127.0.0.1', LIMITS_FILE: limits };
  const options = { databaseUrl: database.url, dataDir: folder, env };
  api = await startApiProcess(options);
  other = await startApiProcess(options);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let addresses = 0;

async function aPerson(address = `203.0.113.${++addresses}`): Promise<Visitor> {
  const response = await fetch(`${api.url}/api/auth/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: '{}',
  });
  return aVisitor(api.url, (await response.json()) as Session);
}

type PersonalChanges = FactPayload<'personal:changed'>['changes'];

function told({ facts }: Visitor): PersonalChanges {
  return facts.flatMap(({ name, payload }) =>
    name === 'personal:changed' ? (payload as FactPayload<'personal:changed'>).changes : [],
  );
}

const errorOf = (reply: { ok: boolean; error?: { code: string } }) => (reply.ok ? undefined : reply.error!.code);

async function befriend(one: Visitor, two: Visitor): Promise<void> {
  await one.request('friend:request', { userId: two.user.id });
  await two.request('friend:accept', { userId: one.user.id });
}

async function direct(one: Visitor, two: Visitor): Promise<string> {
  const response = await one.rest('POST', '/conversations/direct', { userId: two.user.id });
  return ((await response.json()) as { id: string }).id;
}

const sayDirectly = (visitor: Visitor, conversationId: string, body = 'psst') =>
  visitor.request('message:send', { conversationId, id: uuidv7(), body });

describe('friends', () => {
  it('are told on every device and on every node, with the note', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    const elsewhere = await aVisitor(other.url, { user: two.user, accessToken: two.token, expiresAt: '' });
    await one.request('friend:request', { userId: two.user.id, note: '  We met <b>here</b> 🌷 ' });
    const received = {
      kind: 'friend',
      friend: { userId: one.user.id, state: 'received', note: 'We met <b>here</b> 🌷' },
    };
    await until(() => [two, elsewhere].every((device) => told(device).some(({ kind }) => kind === 'friend')));
    for (const device of [two, elsewhere]) expect(told(device)).toMatchObject([received]);
    await two.request('friend:accept', { userId: one.user.id });
    await until(() => told(one).some((change) => change.kind === 'friend' && change.friend.state === 'friend'));
    // Idempotent.
    expect(await two.request('friend:accept', { userId: one.user.id })).toMatchObject({
      ok: true,
      data: { friend: { state: 'friend' } },
    });
  });

  it('are made at once by requests that cross', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    const replies = await Promise.all([
      one.request('friend:request', { userId: two.user.id }),
      two.request('friend:request', { userId: one.user.id }),
    ]);
    expect(replies.map((reply) => reply.ok && reply.data.friend.state).sort()).toEqual(['friend', 'sent']);
    await until(() =>
      [one, two].every((person) =>
        told(person).some((change) => change.kind === 'friend' && change.friend.state === 'friend'),
      ),
    );
  });

  it('are not made by whoever was not asked, and who was declined waits', async () => {
    const [one, two, three] = [await aPerson(), await aPerson(), await aPerson()];
    await one.request('friend:request', { userId: two.user.id });
    expect(errorOf(await three.request('friend:accept', { userId: one.user.id }))).toBe('not_found');
    expect(errorOf(await one.request('friend:accept', { userId: two.user.id }))).toBe('not_found');
    await two.request('friend:decline', { userId: one.user.id });
    expect(errorOf(await one.request('friend:request', { userId: two.user.id }))).toBe('not_accepting');
    // Who declined may still ask.
    expect(await two.request('friend:request', { userId: one.user.id })).toMatchObject({ ok: true });
    expect(errorOf(await one.request('friend:request', { userId: one.user.id }))).toBe('invalid');
  });

  it('are asked by at most twenty requests at a time', async () => {
    const one = await aPerson();
    const ids = Array.from({ length: 21 }, () => uuidv7());
    await database.query(
      `insert into users (id, kind) select unnest(array['${ids.join(`'::uuid,'`)}'::uuid]), 'member'`,
    );
    const codes: (string | undefined)[] = [];
    for (const userId of ids) codes.push(errorOf(await one.request('friend:request', { userId })));
    expect(codes.slice(0, 20).every((code) => code === undefined)).toBe(true);
    expect(codes[20]).toBe('limit_reached');
  });
});

describe('private messages', () => {
  it('go to friends; one who is written to may answer whoever it is; one per pair, ever', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    const refused = await one.rest('POST', '/conversations/direct', { userId: two.user.id });
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'not_accepting' } }]);
    await one.rest('PATCH', '/settings', { whoMayMessage: 'anyone' });
    const ids = await Promise.all(Array.from({ length: 5 }, () => direct(two, one)));
    expect(new Set(ids).size).toBe(1);
    const [id] = ids as [string];
    expect(await direct(one, two)).toBe(id);
    // The other takes words from friends only, but has written first.
    expect(errorOf(await sayDirectly(one, id))).toBe('not_accepting');
    expect(errorOf(await sayDirectly(two, id))).toBeUndefined();
    expect(errorOf(await sayDirectly(one, id))).toBeUndefined();
  });

  it('reach nobody but the two', async () => {
    const [one, two, three] = [await aPerson(), await aPerson(), await aPerson()];
    await befriend(one, two);
    const id = await direct(one, two);
    await two.request('conversation:open', { conversationId: id });
    await sayDirectly(one, id, 'only for you');
    await until(() => two.facts.some(({ payload }) => JSON.stringify(payload).includes('only for you')));
    expect(errorOf(await three.request('conversation:open', { conversationId: id }))).toBe('not_found');
    expect(errorOf(await sayDirectly(three, id))).toBe('not_found');
    expect(three.facts.some(({ payload }) => JSON.stringify(payload).includes(id))).toBe(false);
  });
});

describe('a block', () => {
  it('I6: holds both ways from the moment it is acknowledged, in what is under way too', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    await befriend(one, two);
    const id = await direct(one, two);
    for (let round = 0; round < 10; round++) {
      let isOver = false;
      const stored: number[] = [];
      const sending = (async () => {
        for (;;) {
          const wasOver = isOver;
          const reply = await sayDirectly(two, id);
          if (!reply.ok) return reply.error.code;
          stored.push((reply.data as { seq: number }).seq);
          if (wasOver) return 'stored after the block';
        }
      })();
      await new Promise((resume) => setTimeout(resume, round * 2));
      await one.request('user:block', { userId: two.user.id });
      const [head] = await database.query<{ seq: number }>(
        `select seq::int from conversation_heads where conversation_id = '${id}'`,
      );
      isOver = true;
      expect(await sending).toBe('not_accepting');
      expect(Math.max(0, ...stored)).toBeLessThanOrEqual(head!.seq);
      await one.request('user:unblock', { userId: two.user.id });
      await befriend(one, two);
    }
  }, 20_000);

  it('ends the friendship, hides each from the other in lists and in search, and is answered like any other refusal', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    await befriend(one, two);
    await one.rest('POST', '/auth/register', { username: `one_${Date.now()}`, password: 'correct horse battery' });
    await one.request('user:block', { userId: two.user.id });
    await until(() => told(two).some((change) => change.kind === 'friend' && change.friend.state === 'none'));
    // Nothing of what the blocked one is told says who did it.
    expect(told(two).some(({ kind }) => kind === 'block')).toBe(false);
    for (const [person, hidden] of [
      [one, two],
      [two, one],
    ] as const) {
      const reply = await person.request('presence:list', { conversationId: person.lobbyId });
      expect(reply.ok && reply.data.items.some(({ id }) => id === hidden.user.id)).toBe(false);
      expect(errorOf(await person.request('friend:request', { userId: hidden.user.id }))).toBe('not_accepting');
    }
    // Also for who blocked, whatever the other one takes.
    await two.rest('PATCH', '/settings', { whoMayMessage: 'anyone' });
    expect((await one.rest('POST', '/conversations/direct', { userId: two.user.id })).status).toBe(403);
    const three = await aPerson();
    await one.rest('PATCH', '/settings', { acceptsRequests: false });
    expect(await three.request('friend:request', { userId: one.user.id })).toEqual(
      await two.request('friend:request', { userId: one.user.id }),
    );
  });

  it('looks to the blocked one as if the other hid: in counts, lists, searches and in what is told', async () => {
    const [one, two, three] = [await aPerson(), await aPerson(), await aPerson()];
    const username = `one_${uuidv7().slice(-10)}`;
    await one.rest('POST', '/auth/register', { username, password: 'correct horse battery' });
    const listOf = async (viewer: Visitor) => {
      const reply = await viewer.request('presence:list', { conversationId: viewer.lobbyId });
      if (!reply.ok) throw new Error(reply.error.code);
      return reply.data;
    };
    const idsOf = async (viewer: Visitor) => (await listOf(viewer)).items.map(({ id }) => id);
    type Presence = FactPayload<'presence:changed'>;
    const presences = ({ facts }: Visitor, from = 0): Presence[] =>
      facts.slice(from).flatMap(({ name, payload }) => (name === 'presence:changed' ? [payload as Presence] : []));
    const hasLeft = (viewer: Visitor, from: number, { user }: Visitor) =>
      presences(viewer, from).some(({ left }) => left.includes(user.id));
    await until(() => presences(two).some(({ joined }) => joined.includes(three.user.id)));
    expect(await idsOf(two)).toContain(one.user.id);

    const [before, beforeOne] = [two.facts.length, one.facts.length];
    await one.request('user:block', { userId: two.user.id });
    await until(() => hasLeft(two, before, one) && hasLeft(one, beforeOne, two));
    // A block by the other one as well tells neither anything.
    const after = [one, two].map(({ facts }) => facts.length);
    await two.request('user:block', { userId: one.user.id });
    await two.request('user:unblock', { userId: one.user.id });
    await one.rest('PATCH', '/auth/me', { displayName: '隱身' });
    await one.request('typing:set', { conversationId: one.lobbyId, on: true });
    await one.request('presence:set', { hidden: true });
    await one.request('presence:set', { hidden: false });
    const four = await aPerson();
    for (const [n, each] of [one, two].entries())
      await until(() => presences(each, after[n]).some(({ joined }) => joined.includes(four.user.id)));
    for (const [n, [viewer, other]] of [
      [one, two],
      [two, one],
    ].entries() as Iterable<[number, [Visitor, Visitor]]>) {
      const told = viewer.facts.slice(after[n]).filter(({ name }) => /presence|typing|status/.test(name));
      expect(JSON.stringify(told)).not.toContain(other.user.id);
      const { items, count } = await listOf(viewer);
      expect([items.length, presences(viewer).at(-1)!.count]).toEqual([count, count]);
      expect(items.map(({ id }) => id)).not.toContain(other.user.id);
      expect(items.map(({ id }) => id)).toContain(three.user.id);
    }

    // Whoever knows the name finds the same as whoever saw the person.
    const answers = await Promise.all(
      [two, four].flatMap((asker) =>
        [`/users?username=${username}`, `/users/${one.user.id}`].map(async (path) => {
          const response = await asker.rest('GET', path);
          return [response.status, await response.json()] as const;
        }),
      ),
    );
    expect(answers[0]![0]).toBe(200);
    for (const answer of answers) expect(answer).toEqual(answers[0]);

    const ended = two.facts.length;
    await one.request('user:unblock', { userId: two.user.id });
    await until(() => presences(two, ended).some(({ joined }) => joined.includes(one.user.id)));
    expect(await idsOf(two)).toContain(one.user.id);
  }, 20_000);

  it('of a guest reaches new guests from the same address for a day, and nobody else', async () => {
    const address = `198.51.100.${++addresses}`;
    const [host, pest] = [await aPerson(), await aPerson(address)];
    const neighbour = await aPerson(address);
    await host.rest('PATCH', '/settings', { whoMayMessage: 'anyone' });
    await host.request('user:block', { userId: pest.user.id });
    const again = await aPerson(address);
    const stranger = await aPerson();
    const asked = async (person: Visitor) => errorOf(await person.request('friend:request', { userId: host.user.id }));
    expect(await asked(again)).toBe('not_accepting');
    expect((await again.rest('POST', '/conversations/direct', { userId: host.user.id })).status).toBe(403);
    expect(await asked(stranger)).toBeUndefined();
    // Who was there before the block is somebody else.
    expect(await asked(neighbour)).toBeUndefined();
    await database.query(`update blocks set at = now() - interval '25 hours'`);
    await database.query(`update users set created_at = now() where id = '${again.user.id}'`);
    expect(await asked(again)).toBeUndefined();
  });
});

describe('somebody who is gone', () => {
  it('is told of where they were, and cannot be written to', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    await befriend(one, two);
    const id = await direct(one, two);
    await sayDirectly(two, id, 'goodbye');
    expect((await two.rest('DELETE', '/auth/me', {})).status).toBe(204);
    await until(() => told(one).some((change) => change.kind === 'friend' && change.friend.state === 'none'));
    await until(() =>
      one.facts.some(
        ({ name, payload }) =>
          name === 'conversation:changed' &&
          (payload as FactPayload<'conversation:changed'>).changes.some(
            (change) => change.kind === 'member' && change.member.state === 'left',
          ),
      ),
    );
    expect(errorOf(await sayDirectly(one, id))).toBe('person_gone');
    const page = await one.request('conversation:history', { conversationId: id, limit: 10 });
    expect(page).toMatchObject({
      ok: true,
      data: { messages: [{ body: 'goodbye' }], users: [{ id: two.user.id, isGone: true }] },
    });
    expect(two.socket.connected).toBe(false);
    const again = await one.rest('POST', '/conversations/direct', { userId: two.user.id });
    expect(again.status).toBe(200);
    const three = await aPerson();
    const refused = await three.rest('POST', '/conversations/direct', { userId: two.user.id });
    expect([refused.status, await refused.json()]).toMatchObject([410, { error: { code: 'person_gone' } }]);
  });
});

describe('what is one’s own', () => {
  it('is the same on every device: drafts, pins, what was put away and what was deleted', async () => {
    const one = await aPerson();
    const saved = await direct(one, one);
    const elsewhere = await aVisitor(other.url, { user: one.user, accessToken: one.token, expiresAt: '' });
    await sayDirectly(one, saved, 'a note to myself');
    await one.request('draft:set', { conversationId: saved, body: 'half a th' });
    await one.rest('PATCH', `/conversations/${saved}/membership`, { isPinned: true, isArchived: true, clearedSeq: 1 });
    const isTold = (kind: string) => told(elsewhere).some((change) => change.kind === kind);
    await until(() => isTold('draft') && isTold('membership'), 10_000);
    expect(told(elsewhere)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'draft', draft: { conversationId: saved, body: 'half a th' } }),
        expect.objectContaining({
          kind: 'membership',
          membership: expect.objectContaining({ clearedSeq: 1, archivedSeq: 1, pinnedAt: expect.any(String) }),
        }),
      ]),
    );
    const fresh = await elsewhere.request('feed:sync', {});
    expect(fresh).toMatchObject({
      ok: true,
      data: {
        personal: {
          reset: {
            drafts: [{ conversationId: saved, body: 'half a th' }],
            conversations: expect.arrayContaining([expect.objectContaining({ id: saved, floorSeq: 1 })]),
          },
        },
      },
    });
    expect(errorOf(await one.request('draft:set', { conversationId: uuidv7(), body: 'x' }))).toBe('not_found');
  }, 15_000);
});
