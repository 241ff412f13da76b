import { Degradations, Draining, Readiness, limits } from '@cloudhop/api/platform';
import { type EdgeNode, startEdgeNode } from '@cloudhop/api/platform/testing/edge-node';
import { ServerStatus } from '@cloudhop/contracts';
import { hostname } from 'node:os';
import { MemoryNetwork, MemoryNodeBus, NodeBus } from '../bus';
import { NodeDirectory } from '../nodes';
import { PresenceDirectory } from '../presence';
import { StatusController } from './status.controller';
import { StatusGateway } from './status.gateway';
import { StatusService } from './status.service';

const original = { ...limits };
const open: EdgeNode[] = [];
beforeEach(() => {
  // Each request is answered anew.
  limits.statusKeptMs = 0;
  limits.readyKeptMs = 0;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((node) => node.close()));
  Object.assign(limits, original);
});

/** Starts a node without a database, on which `online` people are known. */
async function aNode(bus: NodeBus, online = 0): Promise<EdgeNode> {
  const node = await startEdgeNode({
    controllers: [StatusController],
    providers: [
      { provide: NodeBus, useValue: bus },
      { provide: PresenceDirectory, useValue: { onlineCount: online } },
      NodeDirectory,
      StatusGateway,
      StatusService,
    ],
  });
  open.push(node);
  return node;
}

async function statusOf(node: EdgeNode): Promise<ServerStatus> {
  const answer = await node.api('GET', '/status');
  expect(answer.status).toBe(200);
  return ServerStatus.parse(await answer.json());
}

const codesOf = ({ degraded }: ServerStatus) => degraded.map(({ code }) => code);

/** Resolves with the first status that fits. */
async function until(node: EdgeNode, fits: (status: ServerStatus) => boolean): Promise<ServerStatus> {
  for (;;) {
    const status = await statusOf(node);
    if (fits(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a node of its own answers without a token, and names neither host nor process', async () => {
  const node = await aNode(new MemoryNodeBus(), 3);
  node.app.get(NodeDirectory).countMessages(() => 7);
  const answer = await node.api('GET', '/status');
  expect(answer.headers.get('ratelimit-remaining')).not.toBeNull();
  const text = await answer.text();
  expect(text).not.toContain(hostname());
  expect(text).not.toContain(String(process.pid));
  const status = ServerStatus.parse(JSON.parse(text));
  expect(status).toEqual({
    now: expect.any(String),
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    node: { name: expect.stringMatching(/^[0-9a-f]{4}$/), startedAt: expect.any(String) },
    nodes: [{ ...status.node, messagesPerMinute: 7, isThis: true }],
    people: { online: 3 },
    messagesPerMinute: 7,
    degraded: [],
  });
});

test('two nodes list each other, and sum their messages', async () => {
  const network = new MemoryNetwork();
  const one = await aNode(new MemoryNodeBus(network));
  one.app.get(NodeDirectory).countMessages(() => 4);
  const two = await aNode(new MemoryNodeBus(network));
  const [here, there] = [
    await until(one, ({ nodes }) => nodes.length === 2),
    await until(two, ({ nodes }) => nodes.length === 2),
  ];
  expect(here.nodes.map(({ name }) => name)).toEqual(there.nodes.map(({ name }) => name));
  expect(here.nodes.filter(({ isThis }) => isThis).map(({ name }) => name)).toEqual([here.node.name]);
  expect(there.nodes.filter(({ isThis }) => isThis).map(({ name }) => name)).toEqual([there.node.name]);
  expect(here.node.name).not.toBe(there.node.name);
  expect([here.messagesPerMinute, there.messagesPerMinute]).toEqual([4, 4]);
});

test('a ping is answered by the node that holds the socket', async () => {
  const network = new MemoryNetwork();
  const [one, two] = [await aNode(new MemoryNodeBus(network)), await aNode(new MemoryNodeBus(network))];
  const names = [];
  for (const node of [one, two]) {
    const socket = await node.connect();
    const { node: holder } = await statusOf(node);
    const reply = (await socket.emitWithAck('connection:ping', {})) as unknown;
    expect(reply).toEqual({ ok: true, data: { node: holder } });
    names.push(holder.name);
  }
  expect(new Set(names).size).toBe(2);
});

test('an interrupted bus says why, and people are counted as "at least"', async () => {
  const network = new MemoryNetwork();
  const bus = new MemoryNodeBus(network);
  const problem = { code: 'password_missing', sentence: 'Redis needs a password.' } as const;
  const found = jest.spyOn(bus, 'problem', 'get').mockReturnValue(problem);
  const node = await aNode(bus, 2);
  network.interrupt();
  const status = await statusOf(node);
  expect(status.people).toEqual({ online: 2, isAtLeast: true });
  expect(status.degraded).toEqual([
    {
      code: 'bus_interrupted',
      reason: 'password_missing',
      sentence: expect.stringMatching(/^Redis needs a password\. This server serves alone until it is right/),
    },
  ]);
  found.mockReturnValue(undefined);
  const [unexplained] = (await statusOf(node)).degraded;
  expect(unexplained).toEqual({
    code: 'bus_interrupted',
    sentence: expect.stringMatching(/^This server serves alone/),
  });
  network.heal();
  expect(await statusOf(node)).toMatchObject({ people: { online: 2 }, degraded: [] });
});

test('it answers without a database, also if that hangs, and says so', async () => {
  limits.readyTimeoutMs = 20;
  const node = await aNode(new MemoryNodeBus());
  const answers = [() => Promise.reject(new Error('away')), () => new Promise(() => undefined)];
  for (const check of answers) {
    node.app.get(Readiness).addCheck('database', check);
    expect(codesOf(await statusOf(node))).toEqual(['database_unavailable']);
  }
  node.app.get(Readiness).addCheck('database', () => Promise.resolve());
  expect(codesOf(await statusOf(node))).toEqual([]);
});

test('draining shows, and a condition that another part registers', async () => {
  const node = await aNode(new MemoryNodeBus());
  let isShedding = true;
  node.app.get(Degradations).add('overloaded', () => isShedding);
  expect(codesOf(await statusOf(node))).toEqual(['overloaded']);
  isShedding = false;
  node.app.get(Degradations).add('bus_interrupted', () => Promise.reject(new Error('a bug')));
  await node.app.get(Draining).drain('test');
  expect(codesOf(await statusOf(node))).toEqual(['draining']);
});

test('I12: many requests within a second cost one reading, and an address is limited', async () => {
  limits.statusKeptMs = 60_000;
  limits.addressRequestsPerMinute = 20;
  const node = await aNode(new MemoryNodeBus());
  const check = jest.fn(() => Promise.resolve());
  node.app.get(Readiness).addCheck('database', check);
  const answers = await Promise.all(Array.from({ length: 25 }, () => node.api('GET', '/status')));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(20).fill(200), ...Array(5).fill(429)]);
  expect(check).toHaveBeenCalledTimes(1);
});
