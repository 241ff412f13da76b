import { limits as contractLimits } from '@cloudhop/contracts';
import type { Socket } from 'socket.io-client';
import { limits } from '../limits';
import { RealtimeServer } from '../realtime-server';
import { script, someId, startEdgeNode, type EdgeNode } from '../testing/edge-node';

let node: EdgeNode;
const original = { ...limits };
const originalContract = { ...contractLimits };
const originalScript = { ...script };

beforeEach(() => {
  contractLimits.requestsPerSecond = 1_000;
  limits.userReadsInFlight = 100;
});
afterEach(async () => {
  await node.close();
  Object.assign(limits, original);
  Object.assign(contractLimits, originalContract);
  Object.assign(script, originalScript);
});

interface Answer {
  ok: boolean;
  data?: unknown;
  error?: { code: string; retryAfterMs?: number };
}
const other = someId.replace(/1$/, '2');
const page = { messages: [], users: [], mine: [], rev: 0, hasBefore: false, hasAfter: false };

const ask = (socket: Socket, name: string, payload: object): Promise<Answer> =>
  socket.timeout(4_000).emitWithAck(name, payload) as Promise<Answer>;
const history = (socket: Socket, limit = 1) => ask(socket, 'conversation:history', { conversationId: someId, limit });
const readMark = (socket: Socket) => ask(socket, 'conversation:read', { conversationId: someId, seq: 1 });
const leave = (socket: Socket, slug: string) => ask(socket, 'room:leave', { slug });
/** Resolves once the server has read everything that was sent on the socket before. */
const arrived = (socket: Socket) => ask(socket, 'no:such', {});

/** Makes reads wait for `open`, and remembers which began, by their limit. */
function gate(): { begun: number[]; open: () => void } {
  const begun: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  script.history = async (limit) => {
    begun.push(limit);
    await promise;
    return page;
  };
  return { begun, open: resolve };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 4_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`timed out after 4 s waiting for ${String(isSo)}`);
    await new Promise((resume) => setImmediate(resume));
  }
}

const refused = (answer: Answer) => !answer.ok;
const tooFast = { ok: false, error: { code: 'rate_limited', retryAfterMs: expect.any(Number) } };

test('I12: of one socket so many requests are in flight; others wait in order, and beyond that are told to', async () => {
  contractLimits.requestsInFlight = 3;
  limits.socketRequestQueue = 4;
  node = await startEdgeNode();
  const socket = await node.connect();
  const { begun, open } = gate();
  const answers = Array.from({ length: 10 }, (_, n) => history(socket, n + 1));
  for (const answer of answers.slice(7)) expect(await answer).toMatchObject(tooFast);
  expect(begun).toEqual([1, 2, 3]);
  open();
  expect((await Promise.all(answers.slice(0, 7))).filter(refused)).toEqual([]);
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await history(socket)).toMatchObject({ ok: true });
});

test('I12: of one user so many, over all sockets and REST together; others are not held up', async () => {
  contractLimits.requestsInFlight = 4;
  limits.userRequestsInFlight = 5;
  limits.userRequestQueue = 3;
  limits.addressReadsInFlight = 100;
  node = await startEdgeNode();
  const [one, two, stranger] = [await node.connect(), await node.connect(), await node.connect(other)];
  const { begun, open } = gate();
  const first = [1, 2, 3, 4].map((limit) => history(one, limit));
  await arrived(one);
  const second = [5, 6, 7].map((limit) => history(two, limit));
  await arrived(two);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  const rest = (limit: number) =>
    node.api('GET', `/conversations/${someId}/messages?limit=${limit}`, {
      headers: { authorization: `Bearer ${someId}` },
    });
  const waiting = rest(8);
  // Whoever is refused came after the one that waits, or before it: one of the two.
  const late = rest(9);
  const refusal = await Promise.race([waiting, late]);
  expect([refusal.status, await refusal.json()]).toMatchObject([429, { error: { code: 'rate_limited' } }]);
  const passing = history(stranger, 10);
  await arrived(stranger);
  expect(begun).toEqual([1, 2, 3, 4, 5, 10]);
  open();
  expect((await Promise.all([...first, ...second, passing])).filter(refused)).toEqual([]);
  expect((await Promise.all([waiting, late])).map(({ status }) => status).sort()).toEqual([200, 429]);
});

test('I12: of one user so many reads, whatever else it may do meanwhile', async () => {
  limits.userReadsInFlight = 2;
  node = await startEdgeNode();
  const [socket, stranger] = [await node.connect(), await node.connect(other)];
  const { begun, open } = gate();
  const answers = [1, 2, 3, 4].map((limit) => history(socket, limit));
  expect(await leave(socket, 'room')).toMatchObject({ ok: true });
  answers.push(history(stranger, 5));
  await arrived(stranger);
  expect(begun).toEqual([1, 2, 5]);
  open();
  expect((await Promise.all(answers)).filter(refused)).toEqual([]);
  expect(begun).toEqual([1, 2, 5, 3, 4]);
});

test('I12: of one address so many reads, so that a connection to the database is left for others', async () => {
  limits.addressReadsInFlight = 2;
  node = await startEdgeNode({ env: { TRUSTED_PROXIES: 'loopback' } });
  const from = (address: string) => ({ extraHeaders: { 'x-forwarded-for': address } });
  const near = [await node.connect(someId, from('203.0.113.1')), await node.connect(other, from('203.0.113.1'))];
  const far = await node.connect(someId.replace(/1$/, '3'), from('203.0.113.2'));
  const { begun, open } = gate();
  const answers = near.flatMap((socket) => [history(socket, 1), history(socket, 1)]);
  for (const socket of near) await arrived(socket);
  expect(begun).toEqual([1, 1]);
  // Whatever writes is not behind them.
  const left = jest.fn();
  script.leave = left;
  expect(await leave(near[0]!, 'room')).toMatchObject({ ok: true });
  answers.push(history(far, 2));
  await arrived(far);
  expect(begun).toEqual([1, 1, 2]);
  open();
  expect((await Promise.all(answers)).filter(refused)).toEqual([]);
});

test('I12: requests that wait for a write which is done for many at once do not count', async () => {
  contractLimits.requestsInFlight = 1;
  limits.socketRequestQueue = 0;
  node = await startEdgeNode();
  const socket = await node.connect();
  const { promise, resolve } = Promise.withResolvers<void>();
  script.read = () => promise;
  const marks = Array.from({ length: 50 }, () => readMark(socket));
  expect(await history(socket)).toMatchObject({ ok: true });
  resolve();
  expect((await Promise.all(marks)).filter(refused)).toEqual([]);
});

test('I12: reads of a socket that closed never begin; writes that arrived whole are done', async () => {
  contractLimits.requestsInFlight = 1;
  limits.userRequestsInFlight = 1;
  limits.userRequestQueue = 100;
  node = await startEdgeNode();
  const gone = Promise.withResolvers<void>();
  node.app.get(RealtimeServer).onDisconnect(() => gone.resolve());
  const [socket, stays] = [await node.connect(), await node.connect()];
  const { begun, open } = gate();
  const left: string[] = [];
  script.leave = (slug) => void left.push(slug);
  void history(socket, 1).catch(() => undefined);
  for (const n of [2, 3, 4]) {
    void history(socket, n).catch(() => undefined);
    void leave(socket, `room-${n}`).catch(() => undefined);
  }
  await arrived(socket);
  socket.disconnect();
  await gone.promise;
  open();
  // The last of them comes after the reads, in the order in which the socket asked.
  await until(() => left.length === 3);
  expect(left).toEqual(['room-2', 'room-3', 'room-4']);
  expect(await leave(stays, 'elsewhere')).toMatchObject({ ok: true });
  expect(begun).toEqual([1]);
});

test('I12: a REST read whose client has gone never begins; a write does', async () => {
  limits.userRequestsInFlight = 1;
  node = await startEdgeNode();
  const headers = { authorization: `Bearer ${someId}` };
  const { begun, open } = gate();
  const renamed: string[] = [];
  script.rename = (name) => void renamed.push(name);
  const list = (limit: number, signal?: AbortSignal) =>
    node.api('GET', `/conversations/${someId}/messages?limit=${limit}`, { headers, ...(signal && { signal }) });
  const rename = (displayName: string, signal?: AbortSignal) =>
    node.api('PATCH', '/auth/me', { headers, json: { displayName }, ...(signal && { signal }) });
  const first = list(1);
  await until(() => begun.length === 1);
  let [came, went] = [0, 0];
  node.app.getHttpServer().prependListener('request', (_request, response) => {
    came++;
    response.once('close', () => went++);
  });
  const abort = new AbortController();
  const aborted = [list(2, abort.signal), rename('gone', abort.signal), list(3, abort.signal)];
  for (const request of aborted) request.catch(() => undefined);
  await until(() => came === 3);
  abort.abort();
  await until(() => went === 3);
  open();
  expect((await first).status).toBe(200);
  // Behind all of them: the user's turns are in the order in which they came.
  expect((await rename('last')).status).toBe(200);
  expect(renamed).toEqual(['gone', 'last']);
  expect(begun).toEqual([1]);
});

test('I12: without a user the address is counted', async () => {
  limits.addressRequestsInFlight = 2;
  limits.addressRequestQueue = 1;
  node = await startEdgeNode();
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  script.logout = () => {
    begun++;
    return promise;
  };
  const requests = Array.from({ length: 5 }, () => node.api('POST', '/auth/logout', { json: {} }));
  const statuses: number[] = [];
  const refusals = Promise.withResolvers<void>();
  for (const request of requests)
    void request.then(({ status }) => {
      statuses.push(status);
      if (statuses.length === 2) refusals.resolve();
    });
  await refusals.promise;
  expect([begun, statuses]).toEqual([2, [429, 429]]);
  resolve();
  await Promise.all(requests);
  expect([begun, statuses.toSorted()]).toEqual([3, [204, 204, 204, 429, 429]]);
});

describe('I12: work is weighed by rows and bytes', () => {
  const rows = (count: number, bytes: number) => ({
    ...page,
    messages: Array.from({ length: count }, () => script.send({ body: 'x'.repeat(bytes) })),
  });
  const untilRefused = async (socket: Socket, most: number) => {
    for (let n = 0; n < most; n++) {
      const answer = await history(socket);
      if (!answer.ok) return { served: n, answer };
    }
    return { served: most, answer: undefined };
  };

  test.each([
    ['many rows', 50, 1],
    ['many bytes', 1, 60_000],
  ])('of one user: %s', async (_, count, bytes) => {
    limits.userWorkPerMinute = 200;
    node = await startEdgeNode();
    script.history = () => rows(count, bytes);
    const { served, answer } = await untilRefused(await node.connect(), 20);
    expect(answer).toMatchObject(tooFast);
    expect(served).toBeGreaterThanOrEqual(2);
    expect(served).toBeLessThanOrEqual(5);
    // On whichever socket, and by REST; writes and other people are not held up.
    const socket = await node.connect();
    expect(await history(socket)).toMatchObject(tooFast);
    const rest = await node.api('GET', `/conversations/${someId}/messages`, {
      headers: { authorization: `Bearer ${someId}` },
    });
    expect(rest.status).toBe(429);
    expect(await leave(socket, 'room')).toMatchObject({ ok: true });
    expect(await ask(socket, 'message:send', { conversationId: someId, id: someId, body: 'x' })).toMatchObject({
      ok: true,
    });
    expect(await history(await node.connect(other))).toMatchObject({ ok: true });
  });

  test('of one address, however many guests it makes', async () => {
    limits.userWorkPerMinute = 100;
    limits.addressWorkPerMinute = 500;
    node = await startEdgeNode();
    script.history = () => rows(40, 1);
    let served = 0;
    for (let guest = 1; guest <= 9; guest++) {
      const socket = await node.connect(someId.replace(/1$/, String(guest)));
      served += (await untilRefused(socket, 20)).served;
    }
    expect(served).toBeGreaterThanOrEqual(5);
    expect(served).toBeLessThanOrEqual(13);
  });
});
