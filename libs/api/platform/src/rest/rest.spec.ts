import { request as plainRequest } from 'node:http';
import { limits as contractLimits } from '@cloudhop/contracts';
import * as z from 'zod';
import { Draining } from '../draining';
import { Readiness } from '../health/readiness';
import { limits } from '../limits';
import { badRows } from '../render-rows';
import { script, someId, startEdgeNode, type EdgeNode } from '../testing/edge-node';

let node: EdgeNode;
const original = { ...limits };
const { send } = script;

beforeEach(async () => {
  node = await startEdgeNode();
});
afterEach(async () => {
  await node.close();
  Object.assign(limits, original);
  script.send = send;
});

const messages = `/conversations/${someId}/messages`;
const bearer = { authorization: `Bearer ${someId}` };
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const codeOf = async (response: Response) => Refusal.parse(await response.json()).error.code;

test('a handler’s answer goes out with the first status of its row, or the one it set', async () => {
  const made = await node.api('POST', messages, { json: { body: 'hello' }, headers: bearer });
  expect([made.status, await made.json()]).toMatchObject([201, { body: 'hello' }]);
  expect(made.headers.get('cache-control')).toBe('no-store');
  const repeated = await node.api('POST', messages, { json: { body: 'retry' }, headers: bearer });
  expect(repeated.status).toBe(200);
});

test('a route that answers nothing answers 204 and nothing', async () => {
  const response = await node.api('POST', '/auth/logout', { json: {} });
  expect([response.status, await response.text()]).toEqual([204, '']);
});

test('what the table does not name is taken out of bodies and of answers', async () => {
  script.send = (payload) => ({ ...send(payload), body: Object.keys(payload).join(), passwordHash: 'x' }) as never;
  const response = await node.api('POST', messages, { json: { body: 'hello', role: 'owner' }, headers: bearer });
  const answer = (await response.json()) as Record<string, unknown>;
  expect(answer['body']).toBe('body');
  expect(answer).not.toHaveProperty('passwordHash');
});

test('an answer that is not as the table says is our fault, not the asker’s', async () => {
  script.send = (payload) => ({ ...send(payload), seq: 'one' }) as never;
  const response = await node.api('POST', messages, { json: { body: 'hello' }, headers: bearer });
  expect([response.status, await codeOf(response)]).toEqual([500, 'internal']);
});

test('I14: items of a list that are not as the table says are left out, and counted; the others are answered', async () => {
  const message = send({ body: 'hello' });
  script.pins = [message, { ...message, createdAt: 'some day' }, { ...message, seq: 3 }, null as never];
  const response = await node.api('GET', `/conversations/${someId}/pins`, { headers: bearer });
  expect([response.status, await response.json()]).toEqual([
    200,
    { items: [message, { ...message, seq: 3 }], users: [] },
  ]);
  expect((await badRows.get()).values).toEqual([{ labels: { kind: 'messages.pinned' }, value: 2 }]);
});

describe('every bad request gets its typed error', () => {
  const big = 'x'.repeat(contractLimits.payloadBytes + 1);
  const cases: [string, string, string, RequestInit & { json?: unknown }, number, string][] = [
    ['no token', 'POST', messages, { json: { body: 'x' } }, 401, 'unauthenticated'],
    [
      'a token that is none',
      'POST',
      messages,
      { json: { body: 'x' }, headers: { authorization: 'Basic x' } },
      401,
      'unauthenticated',
    ],
    [
      'an old token',
      'POST',
      messages,
      { json: { body: 'x' }, headers: { authorization: 'Bearer expired' } },
      401,
      'token_expired',
    ],
    ['a wrong type', 'POST', messages, { json: { body: 7 }, headers: bearer }, 400, 'invalid'],
    [
      'a text that cannot be kept',
      'POST',
      messages,
      { json: { body: 'a\u0000' }, headers: bearer },
      400,
      'invalid_text',
    ],
    [
      'a wrong parameter',
      'POST',
      '/conversations/1/messages',
      { json: { body: 'x' }, headers: bearer },
      400,
      'invalid',
    ],
    [
      'half a body',
      'POST',
      messages,
      { body: '{"body":', headers: { ...bearer, 'content-type': 'application/json' } },
      400,
      'invalid',
    ],
    [
      'a form',
      'POST',
      messages,
      { body: 'body=x', headers: { ...bearer, 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['no body', 'POST', messages, { headers: bearer }, 415, 'unsupported_media_type'],
    [
      'an unknown encoding',
      'POST',
      messages,
      { json: { body: 'x' }, headers: { ...bearer, 'content-encoding': 'zip' } },
      415,
      'unsupported_media_type',
    ],
    ['too much', 'POST', messages, { json: { body: big }, headers: bearer }, 413, 'payload_too_large'],
    [
      'a foreign page',
      'POST',
      messages,
      { json: { body: 'x' }, headers: { ...bearer, origin: 'https://elsewhere.example' } },
      403,
      'foreign_origin',
    ],
    ['an unknown path', 'GET', '/nothing', {}, 404, 'not_found'],
    ['an unknown method', 'DELETE', messages, {}, 404, 'not_found'],
    ['a path that is no text', 'GET', '/conversations/%ff/messages', { headers: bearer }, 400, 'invalid'],
    ['a crash', 'POST', '/auth/guest', { json: {} }, 500, 'internal'],
  ];
  test.each(cases)('%s', async (_what, method, path, init, status, code) => {
    const response = await node.api(method, path, init);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
    expect(response.headers.get('content-type')).toMatch('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'])
      expect(response.headers.get(name)).toMatch(/^\d+$/);
  });
});

test('a crash shows nothing of itself', async () => {
  const response = await node.api('POST', '/auth/guest', { json: {} });
  expect(await response.text()).not.toMatch(/hunter2|guest book|at /);
});

test('one’s own page may write, with and without PUBLIC_URL', async () => {
  const init = { json: { body: 'x' }, headers: { ...bearer, origin: node.url } };
  expect((await node.api('POST', messages, init)).status).toBe(201);
  const published = await startEdgeNode({ env: { PUBLIC_URL: 'https://chat.example' } });
  try {
    expect((await published.api('POST', messages, init)).status).toBe(403);
    const own = { ...init, headers: { ...bearer, origin: 'https://chat.example' } };
    expect((await published.api('POST', messages, own)).status).toBe(201);
  } finally {
    await published.close();
  }
});

test('OPTIONS and a wrong method say which methods there are; HEAD answers as GET without a body', async () => {
  const options = await node.api('OPTIONS', '/auth/me', { headers: { origin: 'https://elsewhere.example' } });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, PATCH, DELETE, OPTIONS']);
  expect(options.headers.get('access-control-allow-origin')).toBeNull();
  expect((await node.api('PUT', '/auth/me')).headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE, OPTIONS');
  const head = await node.api('HEAD', '/health/live');
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await node.api('OPTIONS', '/nothing')).status).toBe(404);
});

test('a user who asks too often is told when to come back, whatever address they use', async () => {
  limits.restSendsPerMinute = 2;
  await node.close();
  node = await startEdgeNode({ env: { TRUSTED_PROXIES: 'loopback' } });
  const sendFrom = (address: string) =>
    node.api('POST', messages, { json: { body: 'x' }, headers: { ...bearer, 'x-forwarded-for': address } });
  expect((await sendFrom('203.0.113.1')).headers.get('ratelimit-remaining')).toBe('1');
  expect((await sendFrom('203.0.113.2')).headers.get('ratelimit-remaining')).toBe('0');
  const refused = await sendFrom('203.0.113.3');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: expect.any(Number) } });
  const other = await node.api('POST', messages, {
    json: { body: 'x' },
    headers: { authorization: `Bearer ${someId.replace(/1$/, '2')}` },
  });
  expect(other.status).toBe(201);
});

test('I12: an address has its limit also where nothing is found, and IPv6 counts by /64', async () => {
  limits.addressRequestsPerMinute = 2;
  await node.close();
  node = await startEdgeNode({ env: { TRUSTED_PROXIES: 'loopback' } });
  const askFrom = async (address: string) =>
    (await node.api('GET', '/nothing', { headers: { 'x-forwarded-for': address } })).status;
  expect(await askFrom('2001:db8::1')).toBe(404);
  expect(await askFrom('2001:db8::2')).toBe(404);
  expect(await askFrom('2001:db8::3')).toBe(429);
  expect(await askFrom('2001:db8:0:1::1')).toBe(404);
});

test('a sane request id is kept, any other is replaced', async () => {
  const ask = async (id: string) =>
    (await node.api('GET', '/health/live', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  expect(await ask('proxy-1234:5')).toBe('proxy-1234:5');
  for (const odd of ['x', 'a b c d e f', 'é'.repeat(8), 'x'.repeat(65)])
    expect(await ask(odd)).toMatch(/^[0-9a-f-]{36}$/);
});

test('readiness tells that something is away, and that the process drains', async () => {
  const ready = () => node.api('GET', '/health/ready');
  expect((await ready()).status).toBe(200);
  const readiness = node.app.get(Readiness);
  readiness.addCheck('database', () => Promise.reject(new Error('away')));
  const away = await ready();
  expect([away.status, await away.json()]).toMatchObject([
    503,
    { error: { fields: { database: expect.any(String) } } },
  ]);
  readiness.addCheck('database', () => Promise.resolve());
  expect((await ready()).status).toBe(200);
  limits.drainMs = 0;
  await node.app.get(Draining).drain('test');
  expect((await ready()).status).toBe(503);
  expect((await node.api('GET', '/health/live')).status).toBe(200);
});

test('a check that hangs counts as failed within its time', async () => {
  limits.readyTimeoutMs = 20;
  node.app.get(Readiness).addCheck('database', () => new Promise(() => undefined));
  expect((await node.api('GET', '/health/ready')).status).toBe(503);
});

test('parameters that come twice, and odd names in them, are no objects', async () => {
  for (const query of ['limit=1&limit=2', 'limit[a]=1', '__proto__[x]=1'])
    expect((await node.api('GET', `/health/live?${query}`)).status).toBe(200);
  expect(Object.prototype).not.toHaveProperty('x');
});

test('a header beyond what Node takes, and a broken request line, close the connection alone', async () => {
  const { port } = new URL(node.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    plainRequest({ port, host: '127.0.0.1', path: '/api/health/live', headers: { 'x-long': 'x'.repeat(40_000) } })
      .on('response', (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(431);
  expect((await node.api('GET', '/health/live')).status).toBe(200);
});
