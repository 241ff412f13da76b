import { Logger } from '@nestjs/common';
import { limits } from './limits';
import { Metrics } from './metrics';
import { OverloadGuard, type ShedWork } from './overload-guard';
import { type EdgeNode, someId, startEdgeNode } from './testing/edge-node';

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

const calm = { memoryPercent: 10, loopDelayMs: 5 };
const busy = { memoryPercent: limits.shedReadsMemoryPercent, loopDelayMs: 5 };
const full = { memoryPercent: 10, loopDelayMs: limits.shedAllLoopDelayMs };

function refusedBy(guard: OverloadGuard): ShedWork[] {
  return (['connect', 'read', 'connection', 'write', 'commit', 'latest'] as const).filter((work) => {
    try {
      guard.admit(work);
      return false;
    } catch {
      return true;
    }
  });
}

test('I12: what is new is refused first, sends last, and the level falls step by step after calm readings', () => {
  const guard = new OverloadGuard(new Metrics());
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  expect(refusedBy(guard)).toEqual([]);
  for (let reading = 0; reading < 3; reading++) guard.take(busy);
  expect(refusedBy(guard)).toEqual(['connect', 'read']);
  for (let reading = 0; reading < 3; reading++) guard.take(full);
  expect(refusedBy(guard)).toEqual(['connect', 'read', 'write', 'commit', 'latest']);
  // A line for each change, none for each reading.
  expect(warn).toHaveBeenCalledTimes(2);
  for (let reading = 1; reading < limits.calmReadings; reading++) guard.take(calm);
  guard.take(full);
  expect(guard.level).toBe('all');
  const seen = Array.from({ length: 2 * limits.calmReadings }, () => (guard.take(calm), guard.level));
  expect([seen[limits.calmReadings - 2], seen[limits.calmReadings - 1], seen.at(-2), seen.at(-1)]).toEqual([
    'all',
    'reads',
    'reads',
    'normal',
  ]);
  warn.mockRestore();
});

describe('a node that is overloaded', () => {
  const interval = limits.loadCheckIntervalMs;
  const overloaded = { code: 'overloaded', retryAfterMs: limits.overloadedRetryMs };
  const history = { conversationId: someId, limit: 10 };
  let node: EdgeNode;
  beforeEach(async () => {
    // The readings are those of the test.
    limits.loadCheckIntervalMs = 3_600_000;
    node = await startEdgeNode();
  });
  afterEach(async () => {
    limits.loadCheckIntervalMs = interval;
    await node.close();
  });
  const ask = (socket: Awaited<ReturnType<EdgeNode['connect']>>, name: string, payload: object) =>
    socket.timeout(5_000).emitWithAck(name, payload) as Promise<unknown>;

  test('I12: refuses sockets, guests and reads with a wait, takes what connected sockets send, and recovers', async () => {
    const guard = node.app.get(OverloadGuard);
    const socket = await node.connect();
    guard.take(busy);
    expect(await node.refusal('somebody')).toMatchObject({ data: overloaded });
    const guest = await node.api('POST', '/auth/guest', { json: {} });
    expect([guest.status, guest.headers.get('retry-after'), await guest.json()]).toMatchObject([
      503,
      '3',
      { error: overloaded },
    ]);
    expect(await ask(socket, 'conversation:history', history)).toMatchObject({ ok: false, error: overloaded });
    const send = { conversationId: someId, id: someId, body: 'still heard' };
    expect(await ask(socket, 'message:send', send)).toMatchObject({ ok: true, data: { body: 'still heard' } });
    expect((await node.api('GET', '/health/live')).status).toBe(200);
    guard.take(full);
    expect(await ask(socket, 'message:send', send)).toMatchObject({ ok: false, error: overloaded });
    for (let reading = 0; reading < 2 * limits.calmReadings; reading++) guard.take(calm);
    expect(await ask(socket, 'message:send', send)).toMatchObject({ ok: true });
    expect(await ask(socket, 'conversation:history', history)).toMatchObject({ ok: true });
    await node.connect('somebody');
  });
});
