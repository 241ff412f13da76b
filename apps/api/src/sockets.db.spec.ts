import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { WebSocket } from 'ws';
import { aGuestSession, aVisitor, until, wholeLog } from './testing/visitor';

const database = testDatabase();
const metricsPort = 4117;
const bufferBytes = 256 * 1024;
let api: ApiProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-sockets-'));
  const limits = {
    socketBufferBytes: bufferBytes,
    requestsPerSecond: 100_000,
    refusedEvents: 1_000_000,
  };
  writeFileSync(join(folder, 'limits.json'), JSON.stringify(limits));
  api = await startApiProcess({
    databaseUrl: database.url,
    env: { LIMITS_FILE: join(folder, 'limits.json'), METRICS_PORT: String(metricsPort) },
  });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The value of one line of the metrics. */
async function metric(line: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}

function residentBytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))![1]) * 1024;
}

/** A client of our own making, down to the bytes: connected to the namespace as `token` says. */
async function rawClient(token: string): Promise<WebSocket> {
  const client = new WebSocket(`${api.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  client.on('error', () => undefined);
  await new Promise<void>((connected, refused) => {
    client.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) client.send(`40${JSON.stringify({ token })}`);
      else if (text.startsWith('40')) connected();
      else if (text.startsWith('44')) refused(new Error(text));
      else if (text === '2') client.send('3');
    });
    client.once('close', () => refused(new Error('closed')));
  });
  return client;
}

test('I12: a client that never reads is cut off at a bounded buffer, and nobody else notices', async () => {
  const { accessToken } = await aGuestSession(api.url);
  const deaf = await rawClient(accessToken);
  deaf.pause();
  const talker = await aVisitor(api.url);
  const before = residentBytes();
  const body = '好'.repeat(4_000);
  const cutLine = 'cloudhop_cut_sockets_total{reason="slow_reader"}';
  let sent = 0;
  while ((await metric(cutLine)) === 0 && sent < 3_000) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => talker.send(body, uuidv7())));
    for (const reply of replies) expect(reply).toMatchObject({ ok: true });
    sent += replies.length;
  }
  expect(await metric(cutLine)).toBe(1);
  expect(residentBytes() - before).toBeLessThan(200 * 1024 * 1024);
  expect(talker.socket.connected).toBe(true);
  expect(await wholeLog(talker)).toHaveLength(sent);
  deaf.terminate();
}, 60_000);

test('a user has ten sockets and no more; one that leaves makes room', async () => {
  const session = await aGuestSession(api.url);
  const visitors = [];
  for (let n = 0; n < 10; n++) visitors.push(await aVisitor(api.url, session));
  await expect(aVisitor(api.url, session)).rejects.toMatchObject({
    data: { code: 'too_many_sockets', retryAfterMs: expect.any(Number) },
  });
  visitors[0]!.socket.disconnect();
  await until(async () => {
    try {
      await aVisitor(api.url, session);
      return true;
    } catch {
      return false;
    }
  });
}, 20_000);

test('a socket whose token has ended is cut after its grace, and not before', async () => {
  const brief = join(folder, 'brief.json');
  writeFileSync(brief, JSON.stringify({ tokenGraceMs: 1_000, accessTokenMs: 2_000 }));
  const { url } = await startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: brief } });
  const visitor = await aVisitor(url);
  const began = Date.now();
  await until(() => !visitor.socket.connected, 10_000);
  expect(Date.now() - began).toBeGreaterThan(1_500);
  expect(Date.now() - began).toBeLessThan(9_000);
  await expect(aVisitor(url, { user: visitor.user, accessToken: visitor.token, expiresAt: '' })).rejects.toMatchObject({
    data: { code: 'token_expired' },
  });
}, 20_000);

test('a forged token is a typed refusal', async () => {
  const { user } = await aGuestSession(api.url);
  await expect(aVisitor(api.url, { user, accessToken: 'forged', expiresAt: '' })).rejects.toMatchObject({
    data: { code: 'unauthenticated', message: expect.any(String) },
  });
});

test('I12: who leaves the namespace, or never enters it, keeps no connection', async () => {
  const { accessToken } = await aGuestSession(api.url);
  const leaver = await rawClient(accessToken);
  const closed = new Promise((resolve) => leaver.once('close', resolve));
  leaver.send('41');
  await closed;

  const idler = new WebSocket(`${api.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const began = Date.now();
  await new Promise((resolve) => idler.once('close', resolve));
  expect(Date.now() - began).toBeLessThan(7_000);
  await expect(rawClient('forged')).rejects.toThrow('unauthenticated');
}, 20_000);

test.each([
  ['a packet that is none', 'x'],
  ['an event that Socket.IO keeps for itself', '42["disconnect"]'],
  ['an event without a name', '42[]'],
  ['half of an event', '42["message:send",{'],
  ['more attachments than anyone has', '4599999-["message:send",{"_placeholder":true,"num":0}]'],
  ['a second entry', '40{}'],
])('%s harms nobody', async (_name, packet) => {
  const { accessToken } = await aGuestSession(api.url);
  const client = await rawClient(accessToken);
  client.send(packet);
  const witness = await aVisitor(api.url);
  expect(await witness.request('presence:set', { hidden: false })).toMatchObject({ ok: true });
  client.terminate();
});
