import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { testDatabase } from '@cloudhop/api/database/testing';
import { limits } from '@cloudhop/api/platform';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { type RedisServer, startRedis } from '@cloudhop/api/platform/testing/redis';
import { ask } from './testing/ask';

jest.setTimeout(60_000);

const database = testDatabase();
const password = 'correct horse battery';
let redis: RedisServer;
let apis: ApiProcess[];
let folder: string;

async function until(isSo: () => boolean, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`timed out after ${limitMs} ms`);
    await wait(20);
  }
}
const countOf = (event: string) => apis.map(({ output }) => output.split(`"event":"${event}"`).length - 1);

beforeAll(async () => {
  redis = await startRedis();
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-log-ins-'));
  // A busy machine is no outage.
  writeFileSync(join(folder, 'limits.json'), '{"limitsWaitMs": 5000}');
  const env = {
    LIMITS_FILE: join(folder, 'limits.json'),
    REDIS_URL: redis.url,
    LOG_LEVEL: 'info',
    JWT_SECRET: 'that both of the processes sign tokens with',
    REFRESH_SECRET: 'that both of the processes derive tokens from',
  };
  apis = await Promise.all([1, 2].map(() => startApiProcess({ databaseUrl: database.url, env })));
  await until(() => countOf('limits.shared').every((count) => count === 1));
  // Each knows of the other before Redis goes.
  await until(() => countOf('node_bus.connected').every((count) => count > 0));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

let members = 0;
async function aMember(): Promise<string> {
  const username = `momo_${members++}`;
  expect((await ask(apis[0]!.url, '/auth/register', { body: { username, password } })).status).toBe(201);
  return username;
}
const logIn = async (node: number, username: string, given = 'wrong password') =>
  ask(apis[node % 2]!.url, '/auth/login', { body: { username, password: given } });
async function guesses(username: string, count: number): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (let n = 0; n < count; n++) codes.push((await logIn(n, username)).code);
  return codes;
}

test('wrong passwords at two processes are counted together, and a right one at either takes them back', async () => {
  const [guessed, mistaken] = [await aMember(), await aMember()];
  const free = limits.freeLogInTries;
  const first = (await guesses(guessed, 2 * free)).indexOf('rate_limited');
  expect(first).toBeGreaterThanOrEqual(free);
  // The first waits are of seconds, and may be over on a busy machine. Apart, all would have been free.
  expect(first).toBeLessThan(2 * free - 1);
  expect(await guesses(mistaken, free - 1)).not.toContain('rate_limited');
  expect((await logIn(1, mistaken, password)).status).toBe(200);
  expect(await guesses(mistaken, free - 1)).not.toContain('rate_limited');
  expect((await logIn(0, mistaken, password)).status).toBe(200);
});

test('a rate limit counts at two processes together, and its headers say so', async () => {
  const remainingAt = async (node: number) => {
    const response = await fetch(`${apis[node]!.url}/api/auth/refresh`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    return [response.headers.get('RateLimit-Limit'), Number(response.headers.get('RateLimit-Remaining'))];
  };
  const [limit, first] = await remainingAt(0);
  expect(limit).toBe(String(limits.refreshesPerMinute));
  expect(await remainingAt(1)).toEqual([limit, (first as number) - 1]);
  expect(await remainingAt(0)).toEqual([limit, (first as number) - 2]);
});

test('without Redis each process grants its share at once, and nobody is locked out', async () => {
  const [guessed, owner] = [await aMember(), await aMember()];
  await redis.kill();
  await until(() => countOf('limits.local').every((count) => count === 1));
  const codes = await guesses(guessed, 2 * limits.freeLogInTries);
  for (const node of [0, 1]) {
    const first = codes.filter((_, n) => n % 2 === node).indexOf('rate_limited');
    expect(first).toBeGreaterThanOrEqual(Math.floor(limits.freeLogInTries / 2));
    expect(first).toBeLessThan(limits.freeLogInTries);
  }
  for (const node of [0, 1]) expect((await logIn(node, owner, password)).status).toBe(200);
  await redis.restart();
  await until(() => countOf('limits.shared').every((count) => count === 2));
  const again = (await guesses(await aMember(), 2 * limits.freeLogInTries)).indexOf('rate_limited');
  expect(again).toBeGreaterThanOrEqual(limits.freeLogInTries);
  expect(again).toBeLessThan(2 * limits.freeLogInTries - 1);
  expect(countOf('limits.local')).toEqual([1, 1]);
});
