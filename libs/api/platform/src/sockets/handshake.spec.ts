import { setTimeout as wait } from 'node:timers/promises';
import { channels } from '../channels';
import { DomainError } from '../domain-error';
import { limits } from '../limits';
import { RealtimeServer } from '../realtime-server';
import { forgetRefusedHeaders } from '../refused-headers';
import { someId, startEdgeNode, type EdgeNode } from '../testing/edge-node';

let node: EdgeNode;
const original = { ...limits };

beforeEach(async () => {
  node = await startEdgeNode();
});
afterEach(async () => {
  await node.close();
  Object.assign(limits, original);
});

const until = async (condition: () => boolean | Promise<boolean>) => {
  for (let n = 0; n < 200; n++) {
    if (await condition()) return;
    await wait(10);
  }
  throw new Error('timed out');
};

test('a refused handshake gets a typed error', async () => {
  expect((await node.refusal('expired')).data).toMatchObject({ code: 'token_expired', message: expect.any(String) });
  expect((await node.refusal('forged')).data).toMatchObject({ code: 'unauthenticated' });
  node.app.get(RealtimeServer).onHandshake(() => Promise.reject(new Error('secret words')));
  const failed = await node.refusal(someId);
  expect(failed.data).toMatchObject({ code: 'internal' });
  expect(JSON.stringify([failed.message, failed.data])).not.toContain('secret');
});

test('a socket joins the channels of user and session before anything follows', async () => {
  const seen: string[] = [];
  node.app.get(RealtimeServer).onHandshake(async (socket) => void seen.push(...socket.rooms));
  await node.connect();
  expect(seen).toEqual(expect.arrayContaining([channels.user(someId), channels.session(someId)]));
});

test('I12: a user may have so many sockets, and the next again when one has gone', async () => {
  limits.socketsPerUser = 2;
  const first = await node.connect();
  await node.connect();
  expect((await node.refusal(someId)).data).toMatchObject({ code: 'too_many_sockets' });
  const other = await node.connect(someId.replace(/1$/, '2'));
  expect(other.connected).toBe(true);
  first.disconnect();
  await until(async () => (await node.refusal(someId)).message === 'let in');
});

test('a refused or abandoned handshake takes no place', async () => {
  limits.socketsPerUser = 1;
  let isOpen = false;
  node.app.get(RealtimeServer).onHandshake(async () => {
    if (!isOpen) throw new DomainError('unavailable');
  });
  for (let n = 0; n < 3; n++) expect((await node.refusal(someId)).data).toMatchObject({ code: 'unavailable' });
  isOpen = true;
  expect(await node.refusal(someId)).toEqual({ message: 'let in' });
});

test('I12: an address may try so often', async () => {
  limits.handshakesPerMinute = 1;
  await node.close();
  node = await startEdgeNode({ env: { TRUSTED_PROXIES: 'loopback' } });
  const from = (address: string) => ({ extraHeaders: { 'x-forwarded-for': address } });
  expect(await node.refusal(someId, from('203.0.113.1'))).toEqual({ message: 'let in' });
  expect((await node.refusal(someId, from('203.0.113.1'))).data).toMatchObject({
    code: 'rate_limited',
    retryAfterMs: expect.any(Number),
  });
  expect(await node.refusal(someId, from('203.0.113.2'))).toEqual({ message: 'let in' });
});

test('foreign pages are refused, programs and the own page let in', async () => {
  const from = (origin: string) => ({ extraHeaders: { origin } });
  expect((await node.refusal(someId, from('https://elsewhere.example'))).message).toBe('websocket error');
  expect((await node.refusal(someId, from('null'))).message).toBe('websocket error');
  expect(await node.refusal(someId, from(node.url))).toEqual({ message: 'let in' });
});

test('there is WebSocket only', async () => {
  expect((await fetch(`${node.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(400);
});

test('a refused header is named to the operator, once a minute', async () => {
  forgetRefusedHeaders();
  await node.close();
  const lines: unknown[] = [];
  const logger = { log() {}, error() {}, warn: (line: unknown) => void lines.push(line), debug() {}, verbose() {} };
  node = await startEdgeNode({ logger });
  for (let n = 0; n < 2; n++) {
    // As a proxy passes it on that speaks HTTP/1.0 to the server.
    expect((await fetch(`${node.url}/socket.io/?EIO=4&transport=websocket`)).status).toBe(400);
    await node.refusal(someId, { extraHeaders: { origin: 'https://elsewhere.example' } });
    await node.api('POST', '/auth/guest', { json: {}, headers: { origin: 'https://elsewhere.example' } });
  }
  const said = lines.filter((line) => (line as { event?: string }).event === 'request_refused');
  expect(said).toEqual([
    expect.objectContaining({ header: 'Upgrade', advice: expect.stringContaining('Connection') }),
    expect.objectContaining({ header: 'Origin', origin: 'https://elsewhere.example', host: new URL(node.url).host }),
  ]);
});

test('who does not say in time who they are is closed', async () => {
  limits.connectTimeoutMs = 50;
  await node.close();
  node = await startEdgeNode();
  const realtime = node.app.get(RealtimeServer);
  const mute = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  await new Promise((resolve) => mute.addEventListener('close', resolve));
  realtime.onHandshake(() => new Promise(() => undefined));
  void node.connect();
  await until(() => realtime.io.engine.clientsCount === 1);
  await until(() => realtime.io.engine.clientsCount === 0);
});

test('no request is kept: its headers would live as long as the connection', async () => {
  await node.connect();
  const [socket] = node.app.get(RealtimeServer).io.sockets.sockets.values();
  expect(socket!.conn.request).toBeNull();
  expect(socket!.data.address).toBe('127.0.0.1');
});
