import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import {
  type ErrorBody,
  type ErrorCode,
  type RequestName,
  type RouteName,
  requests,
  routes,
} from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { io } from 'socket.io-client';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { type Visitor, aGuestSession, aVisitor, until, wholeLog } from './testing/visitor';

const database = testDatabase();
let api: ApiProcess;
let strict: ApiProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-bad-input-'));
  const roomy = {
    requestsPerSecond: 100_000,
    refusedEvents: 1_000_000,
    userRequestsPerMinute: 100_000,
    addressRequestsPerMinute: 100_000,
    guestsPerMinute: 1_000,
    restSendsPerMinute: 100_000,
    renamesPerMinute: 100_000,
    refreshesPerMinute: 100_000,
  };
  writeFileSync(join(folder, 'limits.json'), JSON.stringify(roomy));
  api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: join(folder, 'limits.json') } });
  strict = await startApiProcess({ databaseUrl: database.url });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The memory that a process holds, from the operating system. */
function residentMiB(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kib) / 1024;
}

const zalgo = `Z${'\u0301'.repeat(40)}`;

test('each bad message gets its typed error, over both transports, and nothing else', async () => {
  const [visitor, other] = [await aVisitor(api.url), await aVisitor(api.url)];
  const theirs = uuidv7();
  await other.send('theirs', theirs);
  const { lobbyId: conversationId } = visitor;
  const bodies: [unknown, ErrorCode][] = [
    ['x'.repeat(20 * 1024), 'too_long'],
    ['好'.repeat(4_001), 'too_long'],
    ['', 'invalid_text'],
    [' \n\u200b\u3164 ', 'invalid_text'],
    ['a\u0000b', 'invalid_text'],
    ['a\u202eb', 'invalid_text'],
    ['a\ud800b', 'invalid_text'],
    [zalgo, 'invalid_text'],
    [17, 'invalid'],
    [null, 'invalid'],
    [{ toString: 'x' }, 'invalid'],
    [['a'], 'invalid'],
    [undefined, 'invalid'],
  ];
  for (const [body, code] of bodies) {
    const id = uuidv7();
    expect({ body, reply: await visitor.raw('message:send', { conversationId, id, body }) }).toMatchObject({
      body,
      reply: { ok: false, error: { code, message: expect.any(String) } },
    });
    const response = await visitor.rest('POST', `/conversations/${conversationId}/messages`, { id, body });
    expect({ body, status: response.status, json: await response.json() }).toMatchObject({
      body,
      status: code === 'too_long' ? 422 : 400,
      json: { error: { code } },
    });
  }
  const sends: [object, ErrorCode][] = [
    [{ conversationId: uuidv7(), id: uuidv7(), body: 'x' }, 'not_found'],
    [{ conversationId: 'lobby', id: uuidv7(), body: 'x' }, 'invalid'],
    [{ conversationId, id: uuidv4(), body: 'x' }, 'invalid'],
    [{ conversationId, id: 'x'.repeat(1_000), body: 'x' }, 'invalid'],
    [{ conversationId, id: theirs, body: 'x' }, 'id_taken'],
  ];
  for (const [payload, code] of sends)
    expect(await visitor.raw('message:send', payload)).toMatchObject({ ok: false, error: { code } });
  expect(
    await visitor.raw('message:edit', { conversationId, id: theirs, body: 'mine now', editId: uuidv7() }),
  ).toMatchObject({ error: { code: 'forbidden' } });
  expect(await visitor.raw('message:delete', { conversationId, id: theirs })).toMatchObject({
    error: { code: 'forbidden' },
  });
  expect(
    await visitor.raw('message:react', { conversationId, id: theirs, emoji: 'not an emoji', on: true }),
  ).toMatchObject({ error: { code: 'invalid' } });
  expect((await wholeLog(visitor)).filter(({ authorId }) => authorId === visitor.user.id)).toEqual([]);
});

test('one’s own id with another text answers the original, unchanged', async () => {
  const visitor = await aVisitor(api.url);
  const id = uuidv7();
  await visitor.send('first', id);
  expect(await visitor.send('second', id)).toMatchObject({ ok: true, data: { body: 'first' } });
});

test('text is kept in NFC, trimmed, with plain line ends, and counted as people count', async () => {
  const visitor = await aVisitor(api.url);
  expect(await visitor.send('  cafe\u0301\r\nnext  ', uuidv7())).toMatchObject({ data: { body: 'caf\u00e9\nnext' } });
  const families = '👩‍👩‍👧‍👦'.repeat(600);
  expect(await visitor.send(families, uuidv7())).toMatchObject({ ok: true, data: { body: families } });
});

test('unknown requests are answered, unasked answers are not given, and both leave the socket alive', async () => {
  const visitor = await aVisitor(api.url);
  expect(await visitor.raw('message:explode', {})).toMatchObject({ ok: false, error: { code: 'unknown_request' } });
  for (const name of ['__proto__', 'constructor', 'toString', ''])
    expect(await visitor.raw(name, {})).toMatchObject({ error: { code: 'unknown_request' } });
  visitor.socket.emit('message:send', { conversationId: visitor.lobbyId, id: uuidv7(), body: 'nobody waits' });
  visitor.socket.emit('message:send');
  expect(await visitor.raw('message:send')).toMatchObject({ error: { code: 'invalid' } });
  expect(await visitor.raw('message:send', {}, {})).toMatchObject({ error: { code: 'invalid' } });
  expect(await visitor.send('still here', uuidv7())).toMatchObject({ ok: true });
});

test('a frame over 64 KiB closes the socket; over REST it is 413', async () => {
  const visitor = await aVisitor(api.url);
  const closed = new Promise((resolve) => visitor.socket.once('disconnect', resolve));
  visitor.socket.emit('message:send', { body: 'x'.repeat(70 * 1024) });
  await closed;
  const response = await visitor.rest('POST', `/conversations/${visitor.lobbyId}/messages`, {
    body: 'x'.repeat(70 * 1024),
  });
  expect([response.status, await response.json()]).toMatchObject([413, { error: { code: 'payload_too_large' } }]);
});

test('deep and malformed JSON is a 400', async () => {
  const visitor = await aVisitor(api.url);
  const path = `/conversations/${visitor.lobbyId}/messages`;
  for (const body of [
    '{',
    '[',
    '"x"',
    '1',
    'null',
    '[]',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    '{"__proto__":{"body":"x"}}',
  ]) {
    const response = await visitor.rest('POST', path, body);
    expect({ body: body.slice(0, 20), status: response.status, json: await response.json() }).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid' } },
    });
  }
  const plain = await visitor.rest('POST', path, '{"body":"x"}', { 'content-type': 'text/plain' });
  expect([plain.status, await plain.json()]).toMatchObject([415, { error: { code: 'unsupported_media_type' } }]);
});

test('a foreign Origin is refused by REST and by the handshake; none is a program', async () => {
  const session = await aGuestSession(api.url);
  const visitor = await aVisitor(api.url, session);
  const foreign = { origin: 'https://evil.example' };
  const response = await visitor.rest('POST', `/conversations/${visitor.lobbyId}/messages`, { body: 'x' }, foreign);
  expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'foreign_origin' } }]);
  const socket = io(api.url, {
    auth: { token: session.accessToken },
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: foreign,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => reject(new Error('a foreign page was let in')));
    socket.once('connect_error', () => resolve());
  });
  socket.disconnect();
});

test('messages beyond the pace are rate limited with a time to wait, and who floods on is cut off', async () => {
  const visitor = await aVisitor(strict.url);
  const outcomes = new Map<string, number>();
  let waits = 0;
  const flood = (count: number) => {
    for (let n = 0; n < count; n++) {
      const payload = { conversationId: visitor.lobbyId, id: uuidv7(), body: `${n}` };
      visitor.socket.emit('message:send', payload, (reply: { ok: boolean; error?: ErrorBody }) => {
        const outcome = reply.ok ? 'ok' : reply.error!.code;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (reply.error?.retryAfterMs !== undefined) waits++;
      });
    }
  };
  flood(400);
  await until(() => [...outcomes.values()].reduce((a, b) => a + b, 0) === 400, 20_000);
  expect([...outcomes.keys()].sort()).toEqual(['ok', 'rate_limited']);
  expect(outcomes.get('ok')).toBeLessThanOrEqual(150);
  expect(waits).toBe(outcomes.get('rate_limited'));
  expect(visitor.socket.connected).toBe(true);

  flood(10_000);
  await until(() => !visitor.socket.connected, 30_000);
  const back = await aVisitor(strict.url);
  const stored = (await wholeLog(back)).filter(({ authorId }) => authorId === visitor.user.id);
  expect(stored.length).toBeGreaterThanOrEqual(outcomes.get('ok')!);
}, 60_000);

describe('whatever is sent', () => {
  const codes = (name: RequestName) =>
    new Set<string>([...requests[name].errors, 'invalid', 'rate_limited', 'session_ended', 'unavailable']);

  /** Values that look nearly right, so that they get past the first check. */
  const value = (visitor: Visitor): fc.Arbitrary<unknown> =>
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          visitor.lobbyId,
          visitor.user.id,
          uuidv7(),
          uuidv4(),
          '🎉',
          true,
          false,
          0,
          1,
          -1,
          50,
          1e9,
          2 ** 53,
          'x',
        ),
      },
      fc.anything({ maxDepth: 2 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(
        fc.record({
          conversationId: fc.constant(visitor.lobbyId),
          rev: fc.oneof(fc.nat(), fc.double()),
          id: fc.constant(visitor.user.id),
        }),
        { maxLength: 3 },
      ),
    );
  const names = [
    'conversationId',
    'id',
    'body',
    'editId',
    'emoji',
    'on',
    'rev',
    'seq',
    'before',
    'after',
    'around',
    'limit',
    'epoch',
    'personal',
    'conversations',
    'users',
    'hidden',
    'cursor',
    'token',
  ];
  const payload = (visitor: Visitor) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names), value(visitor), { maxKeys: 8 }) },
      {
        weight: 2,
        arbitrary: fc.record(Object.fromEntries(names.map((name) => [name, value(visitor)])), {
          requiredKeys: ['conversationId', 'id'],
        }),
      },
      fc.anything(),
    );
  const printable = (sent: unknown) => {
    try {
      return JSON.parse(JSON.stringify(sent)) as unknown;
    } catch {
      return {};
    }
  };

  test('I12: every request answers what its row says, or done: three thousand tries', async () => {
    const visitor = await aVisitor(api.url);
    const before = residentMiB(api.pid);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(requests) as RequestName[])),
        payload(visitor),
        async (name, sent) => {
          const reply = await visitor.raw(name, printable(sent) ?? null);
          if (!reply.ok)
            expect({ name, code: reply.error.code, known: codes(name).has(reply.error.code) }).toMatchObject({
              known: true,
            });
        },
      ),
      { numRuns: 3_000 },
    );
    expect(visitor.socket.connected).toBe(true);
    // What was refused leaves nothing behind: three thousand kept payloads would be seen here.
    expect(residentMiB(api.pid) - before).toBeLessThan(96);
  }, 60_000);

  test('I12: no REST route answers a 5xx: a thousand tries', async () => {
    const visitor = await aVisitor(api.url);
    const part = fc.oneof(
      fc.constantFrom(visitor.lobbyId, uuidv7(), 'x', '%00', '%ff', '..%2f..', '💥', "' or 1=1 --"),
      fc.webPath().map((path) => path.slice(1, 60)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(routes) as RouteName[])),
        part,
        fc.dictionary(
          fc.constantFrom('before', 'after', 'around', 'limit', 'cursor'),
          fc.oneof(fc.string(), fc.integer().map(String)),
          { maxKeys: 3 },
        ),
        payload(visitor),
        async (name, id, query, body) => {
          const { method, path } = routes[name];
          if (name === 'auth.logout') return;
          const target = `${path.replace('{id}', encodeURI(id))}?${new URLSearchParams(query)}`;
          const response = await visitor.rest(
            method,
            target,
            method === 'GET' ? undefined : (printable(body) ?? 'null'),
          );
          const text = await response.text();
          expect({ name, target, status: response.status, text, isFine: response.status < 500 }).toMatchObject({
            isFine: true,
          });
          if (response.status >= 400)
            expect(JSON.parse(text)).toMatchObject({
              error: { code: expect.any(String), message: expect.any(String) },
            });
        },
      ),
      { numRuns: 1_000 },
    );
  }, 60_000);
});

test('what is no route is told so with the same headers and the same shape', async () => {
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['DELETE', '/auth/guest'],
    ['PUT', `/conversations/${uuidv7()}/messages`],
    ['GET', '/conversations/%ff/messages'],
  ] as const) {
    const response = await fetch(`${api.url}/api${path}`, { method });
    expect([path, response.status]).toEqual([path, expect.any(Number)]);
    expect(response.status).toBeLessThan(500);
    expect(await response.json()).toMatchObject({ error: { code: expect.any(String) } });
    expect(response.headers.get('ratelimit-limit')).toMatch(/^\d+$/);
  }
});
