import { type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase, withClient } from '@cloudhop/api/database/testing';
import { Client } from 'pg';
import { aVisitor, until } from './testing/visitor';

const database = testDatabase();
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cloudhop-process-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the server and waits until it gives up. Answers its exit code and what it said on stderr. */
async function failedStart(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const options: SpawnOptions = {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: database.url,
      LOG_LEVEL: 'silent',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  };
  const bundle = process.env['TEST_API_BUNDLE'] ?? resolve('dist/apps/api/main.js');
  const child = spawn(process.execPath, [bundle], options);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(tooLong);
  return { code, said };
}

function withDatabase(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

const oneSentence = /^cloudhop: [^\n]+\n$/;

test.each<[string, () => Record<string, string>, RegExp]>([
  ['a port that is none', () => ({ PORT: 'http' }), /PORT must be a number/],
  ['no database', () => ({ DATABASE_URL: '' }), /Set DATABASE_URL/],
  ['a database of another kind', () => ({ DATABASE_URL: 'mysql://x/y' }), /DATABASE_URL must be a URL like postgres/],
  [
    'a wrong password',
    () => ({ DATABASE_URL: withDatabase((url) => (url.password = 'wrong')) }),
    /DATABASE_URL: the password is wrong/,
  ],
  [
    'a database that is not there',
    () => ({ DATABASE_URL: withDatabase((url) => (url.pathname = '/nowhere')) }),
    /there is no such database/,
  ],
  [
    'a server that is not there',
    () => ({ DATABASE_URL: withDatabase((url) => (url.port = '1')) }),
    /nothing listens there/,
  ],
  [
    'a host that is not there',
    () => ({ DATABASE_URL: withDatabase((url) => (url.hostname = 'nowhere.invalid')) }),
    /there is no such host/,
  ],
  ['an address of another machine', () => ({ HOST: '203.0.113.7' }), /HOST=203.0.113.7 is not an address/],
  ['limits that are not there', () => ({ LIMITS_FILE: '/nowhere/limits.json' }), /LIMITS_FILE names/],
  [
    'production with an example',
    () => ({
      NODE_ENV: 'production',
      JWT_SECRET: 'change-me'.repeat(5),
      REFRESH_SECRET: randomBytes(24).toString('hex'),
    }),
    /JWT_SECRET looks like an example/,
  ],
])(
  '%s ends the start with one sentence',
  async (_name, env, sentence) => {
    const start = await failedStart(env());
    expect(start).toEqual({ code: 1, said: expect.stringMatching(sentence) });
    expect(start.said).toMatch(oneSentence);
  },
  30_000,
);

test('everything that is wrong is one list', async () => {
  const limits = join(folder, 'wrong.json');
  writeFileSync(limits, JSON.stringify({ socketPerUser: 3, guestPerMinute: 4 }));
  const wrong = { PORT: 'http', LOG_LEVEL: 'loud', TRUSTED_PROXIES: 'everyone', DATABASE_URL: '' };
  const secrets = { NODE_ENV: 'production', JWT_SECRET: 'short', REFRESH_SECRET: '' };
  const { code, said } = await failedStart({ ...wrong, ...secrets, LIMITS_FILE: limits });
  expect(code).toBe(1);
  expect(said.trimEnd().split('\n  - ')).toEqual([
    'cloudhop: 8 settings are wrong:',
    expect.stringMatching(/^PORT must be a number/),
    expect.stringMatching(/^TRUSTED_PROXIES /),
    expect.stringMatching(/^LOG_LEVEL /),
    'Set DATABASE_URL.',
    expect.stringMatching(/^JWT_SECRET is too short/),
    expect.stringMatching(/^Set REFRESH_SECRET/),
    'LIMITS_FILE names socketPerUser, which is no limit.',
    'LIMITS_FILE names guestPerMinute, which is no limit.',
  ]);
}, 30_000);

test('a Postgres that may forget is refused, setting by setting', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await database.query(`alter database ${name} set synchronous_commit = off`);
  try {
    const { code, said } = await failedStart({});
    expect([code, said]).toEqual([1, expect.stringMatching(/^cloudhop: PostgreSQL has synchronous_commit off/)]);
  } finally {
    await database.query(`alter database ${name} reset synchronous_commit`);
  }
}, 30_000);

test('a database that can not hold every text is refused', async () => {
  const name = `${new URL(database.url).pathname.slice(1)}_latin`;
  const server = withDatabase((url) => (url.pathname = '/postgres'));
  await withClient(server, (client) =>
    client.query(`create database ${name} template template0 encoding 'LATIN1' locale_provider libc locale 'C'`),
  );
  const start = await failedStart({ DATABASE_URL: withDatabase((url) => (url.pathname = `/${name}`)) });
  expect(start).toEqual({ code: 1, said: expect.stringMatching(/has the encoding LATIN1.* encoding 'UTF8'/) });
  expect(start.said).toMatch(oneSentence);
}, 30_000);

test('a port that is taken, for the page or for metrics, is one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = String((other.address() as { port: number }).port);
  try {
    const page = await failedStart({ PORT: port });
    expect([page.code, page.said]).toEqual([1, expect.stringContaining(`Port ${port} is taken`)]);
    const metrics = await failedStart({ METRICS_PORT: port });
    expect([metrics.code, metrics.said]).toEqual([1, expect.stringContaining('METRICS_PORT')]);
    expect(metrics.said).toMatch(oneSentence);
  } finally {
    other.close();
  }
}, 30_000);

test('the secrets are for the owner only', async () => {
  const api = await startApiProcess({ databaseUrl: database.url, dataDir: join(folder, 'own') });
  expect(statSync(join(folder, 'own/secrets.json')).mode & 0o777).toBe(0o600);
  await api.stop();
}, 20_000);

test('SIGTERM tells every socket when to come back, and ends with 0', async () => {
  const api = await startApiProcess({ databaseUrl: database.url });
  const visitors = [await aVisitor(api.url), await aVisitor(api.url)];
  const stopped = api.stop();
  for (const { facts, socket } of visitors) {
    await until(() => facts.some(({ name }) => name === 'server:draining'));
    expect(facts.find(({ name }) => name === 'server:draining')!.payload).toEqual({
      reconnectAfterMs: expect.any(Number),
    });
    expect(socket.connected).toBe(true);
  }
  const ready = await fetch(`${api.url}/api/health/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { error: { code: 'unavailable' } }]);
  await expect(aVisitor(api.url)).rejects.toThrow();
  for (const { socket } of visitors) socket.disconnect();
  expect(await stopped).toBe(0);
}, 20_000);

test('sockets that stay are closed when their time is up, and it still ends with 0', async () => {
  const limits = join(folder, 'drain.json');
  writeFileSync(limits, JSON.stringify({ drainMs: 300 }));
  const api = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: limits } });
  const visitor = await aVisitor(api.url);
  const began = Date.now();
  expect(await api.stop()).toBe(0);
  expect(Date.now() - began).toBeLessThan(5_000);
  await until(() => !visitor.socket.connected);
}, 20_000);

/** Bytes that are written at once, and never followed by anything: each holds a connection in another way. */
const held = [
  '',
  'POST /api/auth/guest HTTP/1.1\r\nHost: x\r\nContent-',
  'POST /api/auth/guest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"dis',
  // Answered and kept; then so many answers that they don't fit between the two.
  'GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500),
  // A WebSocket whose client answers neither ping nor close.
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
];

test('connections that no client ends do not hold a server that stops', async () => {
  const limits = join(folder, 'held.json');
  writeFileSync(limits, JSON.stringify({ drainMs: 300 }));
  const env = { LIMITS_FILE: limits, LOG_LEVEL: 'info', METRICS_PORT: '0' };
  const api = await startApiProcess({ databaseUrl: database.url, env });
  const metrics = /"event":"metrics_listening".*"port":(\d+)/.exec(api.output)![1]!;
  const urls = [api.url, `http://127.0.0.1:${metrics}`];
  const sockets = await Promise.all(held.flatMap((text) => urls.map((url) => hold(url, text))));
  // Asked after the others were written: the server has seen them all.
  await fetch(`${api.url}/api/health/live`);
  const began = Date.now();
  expect(await api.stop()).toBe(0);
  expect(Date.now() - began).toBeLessThan(6_000);
  expect(api.output).toContain('"event":"stopped"');
  for (const socket of sockets) socket.destroy();
}, 40_000);

async function hold(url: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause().write(text);
  return socket;
}

test('an answer that is on its way when the server stops arrives whole', async () => {
  const api = await startApiProcess({ databaseUrl: database.url });
  const visitor = await aVisitor(api.url);
  visitor.socket.disconnect();
  const held = await holdHead(visitor.lobbyId);
  const answer = visitor.rest('POST', `/conversations/${visitor.lobbyId}/messages`, { body: 'on its way' });
  await until(held.isWaitedFor);
  const stopped = api.stop();
  await until(async () => (await fetch(`${api.url}/api/health/ready`)).status === 503);
  await held.release();
  expect((await answer).status).toBe(201);
  expect(await stopped).toBe(0);
}, 20_000);

/** Holds the head of a conversation, so that a commit waits. */
async function holdHead(conversationId: string) {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from conversation_heads where conversation_id = $1 for no key update', [conversationId]);
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return {
    isWaitedFor: async () => (await database.query(waiting)).length > 0,
    release: async () => {
      await client.query('commit');
      await client.end();
    },
  };
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a script ends in order when the npm that runs it gets %s',
  async (signal) => {
    const home = mkdtempSync(join(folder, 'npm-'));
    writeFileSync(join(home, 'package.json'), JSON.stringify({ scripts: { start: 'node start.mjs' } }));
    const scripts = pathToFileURL(resolve('scripts')).href;
    writeFileSync(
      join(home, 'start.mjs'),
      `import { writeFileSync } from 'node:fs';
     import { script } from '${scripts}/machine.mjs';
     import { haltOnSignals } from '${scripts}/halt.mjs';
     script(async () => {
       const halt = haltOnSignals();
       const stays = setInterval(() => undefined, 1_000);
       writeFileSync('running', String(process.pid));
       await halt.requested;
       clearInterval(stays);
       writeFileSync('stopped', '');
       halt.release();
     });`,
    );
    const npm = spawn('npm', ['start'], { cwd: home, stdio: 'ignore' });
    await until(() => existsSync(join(home, 'running')), 20_000);
    npm.kill(signal);
    await until(() => existsSync(join(home, 'stopped')));
  },
  40_000,
);

test('a log is bounded while its writer has it open, two former ones are kept, and no line is lost', async () => {
  const file = join(folder, 'bounded.log');
  const script = `
    import { openSync, writeSync } from 'node:fs';
    import { boundLog } from '${pathToFileURL(resolve('scripts')).href}/log-file.mjs';
    const fd = openSync('${file}', 'a');
    for (const round of ['first', 'second', 'third', 'fourth']) {
      writeSync(fd, (round + '\\n').repeat(300));
      boundLog('${file}', 1_000)();
    }
    writeSync(fd, 'last\\n');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  const texts = ['', '.1', '.2'].map((suffix) => readFileSync(`${file}${suffix}`, 'utf8'));
  expect(texts).toEqual(['last\n', 'fourth\n'.repeat(300), 'third\n'.repeat(300)]);
  expect(existsSync(`${file}.3`)).toBe(false);
});
