import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message, SearchPage, Session } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { RoomsOf, asked, codeOf, say } from './testing/rooms';
import { type Visitor, aVisitor, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let api: ApiProcess;
const { aMember, aGuest, aRoom } = new RoomsOf(() => api);

beforeAll(async () => {
  api = await startApiProcess({ databaseUrl: database.url });
}, 60_000);

describe('the door of outside systems', () => {
  test('I2: five retries of one key, by any transport, are one message', async () => {
    const owner = await aMember();
    const room = await aRoom(owner);
    const { json } = await asked<{ secret: string; token: { id: string } }>(owner, 'POST', '/tokens', {
      label: 'Build server',
      scopes: ['messages:write'],
    });
    expect(json.secret).toMatch(/^chp_[\w-]{43}$/);
    const post = async (key: string, body = 'Build 412 is green ✅') => {
      const response = await fetch(`${api.url}/api/rooms/${encodeURIComponent(room.slug!)}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${json.secret}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ body }),
      });
      return { status: response.status, message: (await response.json()) as Message };
    };
    const tries = await Promise.all(Array.from({ length: 6 }, () => post('build-412')));
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    const [{ message } = tries[0]!] = tries;
    expect(new Set(tries.map(({ message: { id, seq } }) => `${id} ${seq}`)).size).toBe(1);
    expect(codeOf(await say(owner, room.id, 'the same by socket', message.id))).toBe('ok');
    const key = uuidv7();
    expect((await post(key, 'own id')).message.id).toBe(key);
    expect((await wholeLog(owner, room.id)).map(({ body }) => body)).toEqual(['Build 412 is green ✅', 'own id']);
    expect((await post('x'.repeat(257))).status).toBe(400);

    const listed = await asked<{ items: { lastUsedAt?: string; label: string }[] }>(owner, 'GET', '/tokens');
    expect(JSON.stringify(listed.json)).not.toContain(json.secret);
    await until(async () =>
      (await asked<{ items: { lastUsedAt?: string }[] }>(owner, 'GET', '/tokens')).json.items.every(
        ({ lastUsedAt }) => lastUsedAt,
      ),
    );
    expect((await asked(owner, 'DELETE', `/tokens/${json.token.id}`)).status).toBe(200);
    expect((await post('after')).status).toBe(401);
  });

  test('a token may what it was made for, over REST only, and ends with its time and its account', async () => {
    const owner = await aMember();
    const room = await aRoom(owner);
    const token = async (scopes: string[], more: object = {}) =>
      (
        await asked<{ secret: string; token: { id: string } }>(owner, 'POST', '/tokens', {
          label: 'x',
          scopes,
          ...more,
        })
      ).json;
    const use = async (secret: string, method: string, path: string, body?: unknown) => {
      const response = await fetch(`${api.url}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return response.ok ? 'ok' : ((await response.json()) as { error: { code: string } }).error.code;
    };
    const doors = {
      'rooms:read': ['GET', `/rooms/${room.id}`],
      'rooms:write': ['POST', `/rooms/${room.id}/join`, {}],
      'rooms:manage': ['PATCH', `/rooms/${room.id}`, { topic: 'by a program' }],
      'messages:read': ['GET', `/rooms/${room.id}/messages`],
      'messages:write': ['POST', `/rooms/${room.id}/messages`, { body: 'by a program' }],
    } as const;
    for (const scope of Object.keys(doors)) {
      const { secret } = await token([scope]);
      for (const [door, [method, path, body]] of Object.entries(doors))
        expect([scope, door, await use(secret, method, path, body)]).toEqual([
          scope,
          door,
          door === scope ? 'ok' : 'scope_missing',
        ]);
      for (const [method, path, body] of [
        ['GET', '/auth/me'],
        ['POST', '/tokens', { label: 'more', scopes: ['rooms:read'] }],
        ['DELETE', '/auth/me', {}],
        ['GET', '/settings'],
      ] as const)
        expect([scope, path, await use(secret, method, path, body)]).toEqual([scope, path, 'scope_missing']);
    }
    const { secret, token: made } = await token(['rooms:read'], { expiresInMs: 60_000 });
    await expect(aVisitor(api.url, { user: owner.user, accessToken: secret } as Session)).rejects.toMatchObject({
      data: { code: 'unauthenticated' },
    });
    await database.query('update api_tokens set expires_at = now() where id = $1', [made.id]);
    expect(await use(secret, 'GET', '/rooms')).toBe('unauthenticated');
    const lasting = await token(['rooms:read']);
    expect((await asked(await aGuest(), 'POST', '/tokens', { label: 'x', scopes: ['rooms:read'] })).code).toBe(
      'members_only',
    );
    expect((await asked(owner, 'POST', '/tokens', { label: 'x', scopes: ['everything'] })).code).toBe('invalid');
    expect((await asked(await aMember(), 'DELETE', `/tokens/${made.id}`)).code).toBe('not_found');
    expect((await owner.rest('DELETE', '/auth/me', { password: 'correct horse battery' })).status).toBe(204);
    expect(await use(lasting.secret, 'GET', '/rooms')).toBe('unauthenticated');
    await until(
      async () => (await database.query('select from api_tokens where user_id = $1', [owner.user.id])).length === 0,
    );
  });
});

describe('search', () => {
  test('what was said is found within a second where one may read, and gone at once where it is deleted', async () => {
    const [owner, outsider] = [await aMember(), await aMember()];
    const room = await aRoom(owner, { visibility: 'private' });
    const id = uuidv7();
    await say(owner, room.id, '週末去上海 with Momo, see https://example.org/plan', id);
    const find = async (visitor: Visitor, q: string) =>
      (await asked<SearchPage>(visitor, 'GET', `/search?q=${encodeURIComponent(q)}`)).json.items;
    await until(async () => (await find(owner, '上海')).length === 1, 1_500);
    const [hit] = await find(owner, '上海 MOMO has:link from:me');
    expect(hit!.message.id).toBe(id);
    expect(hit!.excerpt.marks.map(({ from, to }) => hit!.excerpt.text.slice(from, to))).toEqual(['上海', 'Momo']);
    for (const q of ['海上', 'mom', 'from:nobody_at_all 上海', 'in:lobby 上海', 'has:pin', 'before:2020-01-01 上海'])
      expect([q, await find(owner, q)]).toEqual([q, []]);
    expect(await find(outsider, '上海')).toEqual([]);
    expect((await asked(outsider, 'GET', `/search?q=x&conversationId=${room.id}`)).code).toBe('not_found');
    await owner.request('message:edit', { conversationId: room.id, id, body: '週末去台北', editId: uuidv7() });
    expect(await find(owner, '上海')).toEqual([]);
    await until(async () => (await find(owner, '台北')).length === 1, 1_500);
    await owner.request('message:delete', { conversationId: room.id, id });
    expect(await find(owner, '台北')).toEqual([]);
  });

  test('strange queries get a typed answer', async () => {
    const owner = await aMember();
    for (const [q, code] of [
      ['x'.repeat(10_000), 'invalid'],
      ['', 'invalid'],
      ['???', 'invalid'],
      ['from:', 'invalid'],
      ['has:everything', 'invalid'],
      ['before:tomorrow', 'invalid'],
      ['before:2026-02-31', 'invalid'],
      ['.*(a+)+$ [', undefined],
      ['\u0000', 'invalid'],
      [`' or 1=1; --`, undefined],
      ['"unclosed', undefined],
      ['a'.repeat(256), undefined],
    ] as const) {
      const { status, code: found } = await asked(owner, 'GET', `/search?q=${encodeURIComponent(q)}`);
      expect([q.slice(0, 20), found]).toEqual([q.slice(0, 20), code]);
      expect(status).toBeLessThan(500);
    }
    expect((await asked(owner, 'GET', '/search?q=a&cursor=x')).code).toBe('invalid');
  });
});
