import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { limits as contractLimits } from '@cloudhop/contracts';
import type { Socket } from 'socket.io-client';
import { channels } from '../channels';
import { DomainError } from '../domain-error';
import { Draining } from '../draining';
import { limits } from '../limits';
import { Metrics } from '../metrics';
import { RealtimeServer } from '../realtime-server';
import { script, someId, startEdgeNode, type EdgeNode } from '../testing/edge-node';

let node: EdgeNode;
const original = { ...limits };
const originalContract = { ...contractLimits };
const { send } = script;

beforeEach(async () => {
  limits.sweepIntervalMs = 20;
  node = await startEdgeNode();
});
afterEach(async () => {
  await node.close();
  Object.assign(limits, original);
  Object.assign(contractLimits, originalContract);
  script.send = send;
});

const message = { conversationId: someId, id: someId, body: 'hello' };
const ask = (socket: Socket, name: string, ...payload: unknown[]): Promise<unknown> =>
  socket.timeout(2_000).emitWithAck(name, ...payload);
const closed = (socket: Socket) => new Promise<string>((resolve) => socket.once('disconnect', resolve));
async function count(name: string, labels: Record<string, string>): Promise<number> {
  const metric = await node.app.get(Metrics).registry.getSingleMetric(name)!.get();
  const hit = metric.values.find((value) =>
    Object.entries(labels).every(([label, text]) => (value.labels as Record<string, unknown>)[label] === text),
  );
  return hit?.value ?? 0;
}

describe('@On', () => {
  test('acknowledges a result, one without a value, and one that looks like an event', async () => {
    const socket = await node.connect();
    const gotcha = jest.fn();
    socket.on('user:gotcha', gotcha);
    expect(await ask(socket, 'message:send', message)).toMatchObject({ ok: true, data: { body: 'hello' } });
    expect(await ask(socket, 'conversation:close', { conversationId: someId })).toEqual({ ok: true });
    expect(await ask(socket, 'presence:set', { hidden: true })).toMatchObject({
      ok: true,
      data: { event: 'user:gotcha' },
    });
    expect(gotcha).not.toHaveBeenCalled();
  });

  test('acknowledges a throw: what the domain refuses as it is, anything else as internal', async () => {
    const socket = await node.connect();
    script.send = () => {
      throw new DomainError('slow_mode', { retryAfterMs: 1_500.2 });
    };
    expect(await ask(socket, 'message:send', message)).toMatchObject({
      ok: false,
      error: { code: 'slow_mode', retryAfterMs: 1_501 },
    });
    script.send = () => {
      throw new TypeError('secret words');
    };
    const reply = await ask(socket, 'message:send', message);
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  test('refuses a payload that is not as the table says, and names the field', async () => {
    const socket = await node.connect();
    for (const bad of [null, 7, 'x', [], {}, [[message]]])
      expect(await ask(socket, 'message:send', bad)).toMatchObject({ ok: false, error: { code: 'invalid' } });
    expect(await ask(socket, 'message:send', { ...message, body: ' ' })).toMatchObject({
      error: { code: 'invalid_text', fields: { body: expect.any(String) } },
    });
    expect(await ask(socket, 'message:send')).toMatchObject({ error: { code: 'invalid' } });
    expect(await ask(socket, 'message:send', message, message)).toMatchObject({ error: { code: 'invalid' } });
  });

  test('hands on nothing that the table does not name', async () => {
    const socket = await node.connect();
    script.send = (payload) => ({ ...send(payload), body: Object.keys(payload).sort().join() });
    const sent = JSON.parse(
      `{"conversationId":"${someId}","id":"${someId}","body":"x","role":"owner","__proto__":{"x":1}}`,
    );
    expect(await ask(socket, 'message:send', sent)).toMatchObject({ data: { body: 'body,conversationId,id' } });
  });
});

test('unknown events are answered, those nobody waits for are dropped and counted', async () => {
  const socket = await node.connect();
  for (const name of ['message:explode', 'error', '__proto__', 'constructor', 'toString'])
    expect(await ask(socket, name, {})).toMatchObject({ ok: false, error: { code: 'unknown_request' } });
  const sent = jest.fn(send);
  script.send = sent;
  socket.emit('message:send', message);
  socket.emit('message:explode', message);
  await ask(socket, 'presence:set', { hidden: false });
  expect(sent).not.toHaveBeenCalled();
  expect(await count('cloudhop_dropped_events_total', { reason: 'no_acknowledgement' })).toBe(2);
  expect(await count('cloudhop_socket_requests_total', { name: 'presence:set', outcome: 'ok' })).toBe(1);
});

test('I12: beyond the pace a socket is told to wait, and its other requests count too', async () => {
  contractLimits.requestsPerSecond = 3;
  const socket = await node.connect();
  const replies = await Promise.all(
    ['message:send', 'no:such', 'message:send', 'message:send', 'no:such'].map((name) => ask(socket, name, message)),
  );
  expect(replies.slice(3)).toMatchObject([
    { ok: false, error: { code: 'rate_limited', retryAfterMs: expect.any(Number) } },
    { ok: false, error: { code: 'rate_limited' } },
  ]);
  const { retryAfterMs } = (replies[3] as { error: { retryAfterMs: number } }).error;
  expect(retryAfterMs).toBeLessThanOrEqual(1_000);
  await wait(retryAfterMs + 20);
  expect(await ask(socket, 'message:send', message)).toMatchObject({ ok: true });
});

test('I12: who goes on after so many refusals is cut off, with or without acknowledgements', async () => {
  limits.refusedEvents = 20;
  limits.hostileWaitMs = 0;
  for (const flood of [
    (socket: Socket) => socket.emit('message:send', message),
    (socket: Socket) => socket.emit('no:such', message, () => undefined),
  ]) {
    const socket = await node.connect();
    const gone = closed(socket);
    for (let n = 0; n < 200; n++) flood(socket);
    expect(await gone).toBe('transport close');
  }
  // Once each, however much of the flood was still on its way in.
  expect(await count('cloudhop_cut_sockets_total', { reason: 'hostile' })).toBe(2);
});

test('a frame over the limit, one that is no packet, and deep JSON cost their sender the socket at most', async () => {
  const big = await node.connect();
  const gone = closed(big);
  big.emit('message:send', 'x'.repeat(contractLimits.payloadBytes + 1), () => undefined);
  expect(await gone).toBe('transport close');
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  for (const packet of [
    '42',
    '42{}',
    '42["message:send"',
    `421["message:send",${deep}]`,
    `451-1["message:send",${deep}]`,
    '9',
    '4'.repeat(50),
  ]) {
    const socket = await node.connect();
    const gone = closed(socket);
    socket.io.engine.write(packet.slice(1));
    // It was read once what follows on the same socket is answered, or the socket is closed.
    await Promise.race([gone, ask(socket, 'presence:set', { hidden: false })]);
  }
  const next = await node.connect(someId.replace(/1$/, '7'));
  expect(await ask(next, 'message:send', message)).toMatchObject({ ok: true });
});

test('a socket outlives its token by the grace, unless it is renewed', async () => {
  limits.tokenGraceMs = 200;
  const [ends, stays] = [await node.connect(), await node.connect(someId.replace(/1$/, '2'))];
  for (const socket of node.app.get(RealtimeServer).io.sockets.sockets.values())
    socket.data.tokenExpiresAt = socket.id === ends.id ? Date.now() : Date.now() + 60_000;
  const began = Date.now();
  expect(await closed(ends)).toBe('io server disconnect');
  expect(Date.now() - began).toBeGreaterThanOrEqual(190);
  expect(await ask(stays, 'message:send', message)).toMatchObject({ ok: true });
});

/** Speaks WebSocket by hand, so that it can stop reading. */
async function aDeafClient(url: string): Promise<TcpSocket> {
  const { port } = new URL(url);
  const tcp = connectTcp(Number(port), '127.0.0.1');
  const text = (payload: string) => {
    const bytes = Buffer.from(payload);
    return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
  };
  tcp.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  let heard = '';
  const isConnected = new Promise<void>((resolve) => {
    tcp.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.includes('"pingInterval"') && !heard.includes('40{"sid"')) tcp.write(text(`40{"token":"${someId}"}`));
      if (heard.includes('40{"sid"')) resolve();
    });
  });
  await isConnected;
  tcp.removeAllListeners('data');
  tcp.pause();
  return tcp;
}

test('I12: a client that never reads is cut off at a bounded buffer; the others get all', async () => {
  limits.socketBufferBytes = 200_000;
  const realtime = node.app.get(RealtimeServer);
  const reader = await node.connect(someId.replace(/1$/, '2'));
  const read = jest.fn();
  reader.on('presence:changed', read);
  const deaf = await aDeafClient(node.url);
  const users = [{ id: someId, kind: 'guest' as const, displayName: 'x'.repeat(60_000), profileRev: 1 }];
  let told = 0;
  const isGone = () => !realtime.io.sockets.adapter.rooms.has(channels.user(someId));
  // The kernel's own buffers take some megabytes first.
  while (!isGone() && told < 2_000) {
    for (let n = 0; n < 20; n++, told++)
      realtime.emit([channels.user(someId), channels.user(someId.replace(/1$/, '2'))], 'presence:changed', {
        count: told,
        joined: [],
        left: [],
        joinedCount: 0,
        leftCount: 0,
        users,
      });
    await wait(20);
  }
  expect(isGone()).toBe(true);
  // An answer comes after everything that was sent on the same socket before.
  await ask(reader, 'presence:set', { hidden: false });
  expect(reader.connected).toBe(true);
  expect(read).toHaveBeenCalledTimes(told);
  expect(await count('cloudhop_cut_sockets_total', { reason: 'slow_reader' })).toBe(1);
  deaf.destroy();
}, 20_000);

test('tells what it is told to whom it is told, and no one else', async () => {
  const [mine, other] = [await node.connect(), await node.connect(someId.replace(/1$/, '2'))];
  const heard: string[] = [];
  mine.on('session:revoked', () => heard.push('mine'));
  other.on('session:revoked', () => heard.push('other'));
  node.app
    .get(RealtimeServer)
    .emit(channels.session(someId), 'session:revoked', { sessionId: someId, reason: 'revoked' });
  await ask(other, 'presence:set', { hidden: false });
  await ask(mine, 'presence:set', { hidden: false });
  expect(heard).toEqual(['mine']);
});

test('calls those who asked once for each socket that has gone, also when one of them fails', async () => {
  const gone: string[] = [];
  let called = Promise.withResolvers<void>();
  const realtime = node.app.get(RealtimeServer);
  realtime.onDisconnect(() => {
    throw new Error('mine fails');
  });
  realtime.onDisconnect(({ data }) => {
    gone.push(data.actor.userId);
    called.resolve();
  });
  // A second call for the first socket would come before the second socket, which connects later, has gone.
  const users = [someId, someId.replace(/1$/, '2')];
  for (const user of users) {
    called = Promise.withResolvers<void>();
    (await node.connect(user)).disconnect();
    await called.promise;
  }
  expect(gone).toEqual(users);
  expect(await count('cloudhop_connections', {})).toBe(0);
});

test('draining tells each client when to come back, answers what still arrives, lets nobody in, and ends when all have gone', async () => {
  limits.drainMs = 2_000;
  const [patient, leaving] = [await node.connect(), await node.connect()];
  const waits = Promise.all(
    [patient, leaving].map(
      (socket) =>
        new Promise<number>((resolve) =>
          socket.once('server:draining', ({ reconnectAfterMs }: { reconnectAfterMs: number }) =>
            resolve(reconnectAfterMs),
          ),
        ),
    ),
  );
  const order: string[] = [];
  const draining = node.app.get(Draining);
  draining.onDrain(() => void order.push('queues'));
  const done = draining.drain('test').then(() => order.push('done'));
  for (const reconnectAfterMs of await waits) expect(reconnectAfterMs).toBeLessThan(limits.drainJitterMs);
  leaving.disconnect();
  expect(await ask(patient, 'message:send', message)).toMatchObject({ ok: true });
  expect((await node.refusal(someId)).message).toBe('websocket error');
  expect(order).toEqual([]);
  patient.disconnect();
  await done;
  expect(order).toEqual(['queues', 'done']);
});
