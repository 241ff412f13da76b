import { EventEmitter } from 'node:events';
import { defaultSettings } from '@cloudhop/contracts';
import { type AppSocket, Draining, limits } from '@cloudhop/api/platform';
import { MemoryNetwork, MemoryNodeBus } from '../bus';
import { NodeDirectory, ReplicatedState } from '../nodes';
import { PresenceDirectory, type StatusChange } from './presence-directory';

type Node = Awaited<ReturnType<typeof aNode>>;

async function aNode(network: MemoryNetwork) {
  const draining = new Draining();
  const bus = new MemoryNodeBus(network);
  const nodes = new NodeDirectory(bus, draining);
  const state = new ReplicatedState(bus, nodes);
  const directory = new PresenceDirectory(bus, state);
  const told: StatusChange[] = [];
  directory.onChange((changes) => told.push(...changes));
  for (const each of [state, directory, nodes]) await each.onApplicationBootstrap();
  return { directory, bus, draining, told };
}

async function nodes(count: number): Promise<{ network: MemoryNetwork; all: Node[] }> {
  const network = new MemoryNetwork();
  const all: Node[] = [];
  for (let n = 0; n < count; n++) all.push(await aNode(network));
  return { network, all };
}

function arrive({ directory }: Node, userId: string) {
  const conn = new EventEmitter();
  const data = { actor: { userId }, isHidden: false, isIdle: false, settings: defaultSettings };
  const socket = { conn, data } as unknown as AppSocket;
  directory.arrive(socket);
  return {
    close: () => void conn.emit('close'),
    set: (change: Partial<AppSocket['data']>) => {
      Object.assign(data, change);
      directory.changed(userId);
    },
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const told = ({ told }: Pick<Node, 'told'>) => told.map(({ userId, status }) => `${userId} ${status}`);

test('devices on two nodes are one person: online where any is', async () => {
  const { all } = await nodes(3);
  const [here, there, third] = all as [Node, Node, Node];
  const desk = arrive(here, 'ben');
  const phone = arrive(there, 'ben');
  await pass(3_000);
  expect(all.map(({ directory }) => directory.statusOf('ben'))).toEqual(['online', 'online', 'online']);
  desk.set({ isIdle: true });
  await pass(3_000);
  expect(third.directory.statusOf('ben')).toBe('online');
  phone.close();
  await pass(limits.presenceGraceMs + 3_000);
  expect(third.directory.statusOf('ben')).toBe('idle');
  desk.set({ settings: { ...defaultSettings, appearsOffline: true } });
  await pass(3_000);
  expect(told(third)).toEqual(['ben online', 'ben idle', 'ben offline']);
});

test('of a node that dies nobody stays online for more than thirty seconds, and its silence is no sight', async () => {
  const { all, network } = await nodes(2);
  const [here, there] = all as [Node, Node];
  arrive(there, 'ben');
  arrive(here, 'ada');
  await pass(3_000);
  // The node falls silent.
  network.buses.delete(there.bus);
  await pass(30_000);
  expect(told(here)).toEqual(['ada online', 'ben online', 'ben offline']);
  expect(here.told.at(-1)).toMatchObject({ isOurs: false });
});

test('a node that comes late, or missed words, is told everything', async () => {
  const { network, all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  arrive(there, 'ben');
  await pass(3_000);
  network.buses.delete(here.bus);
  arrive(there, 'eve');
  await pass(3_000);
  network.buses.add(here.bus);
  // The next beat reveals a lost message.
  await pass(limits.nodeBeatMs + 3_000);
  expect(here.directory.statusOf('eve')).toBe('online');
  const { directory: late } = await aNode(network);
  await pass(3_000);
  expect([late.statusOf('ben'), late.statusOf('eve')]).toEqual(['online', 'online']);
});

test('a node that stops in order hands its users over: who comes back in time was never offline', async () => {
  const { all } = await nodes(3);
  const [here, there, third] = all as [Node, Node, Node];
  const devices = [arrive(there, 'ben'), arrive(there, 'eve')];
  await pass(3_000);
  for (const device of devices) device.close();
  await there.draining.drain('test');
  await pass(limits.presenceGraceMs - 1_500);
  arrive(here, 'ben');
  expect(third.directory.statusOf('eve')).toBe('online');
  await pass(5_000);
  for (const node of [here, third]) expect(told(node).sort()).toEqual(['ben online', 'eve offline', 'eve online']);
});

test('an interruption ends nobody before the lease of their node, and everybody is known again after it', async () => {
  const { all, network } = await nodes(2);
  const [here, there] = all as [Node, Node];
  arrive(there, 'ben');
  await pass(3_000);
  network.interrupt();
  arrive(there, 'eve');
  await pass(limits.nodeLeaseMs - limits.nodeBeatMs);
  expect(told(here)).toEqual(['ben online']);
  await pass(2 * limits.nodeBeatMs + 1_000);
  expect(told(here)).toEqual(['ben online', 'ben offline']);
  network.heal();
  await pass(6_000);
  expect([here.directory.statusOf('ben'), here.directory.statusOf('eve')]).toEqual(['online', 'online']);
});

test('a device that hides its user hides those on other nodes', async () => {
  const { all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  const hidden: unknown[] = [];
  there.directory.onHidden((...change) => hidden.push(change));
  here.directory.hideElsewhere('ben', true);
  there.bus.publishEphemeral('presence', { kind: 'hidden', userId: 7 });
  await pass(1);
  expect(hidden).toEqual([['ben', true]]);
});

test('who flaps ten times a second is told of once a second at most', async () => {
  const { all } = await nodes(1);
  const [node] = all as [Node];
  const device = arrive(node, 'ben');
  for (let n = 0; n < 100; n++) {
    device.set({ isIdle: n % 2 === 0 });
    await pass(100);
  }
  expect(node.told.length).toBeLessThanOrEqual(12);
});

test('a reload is neither a leave nor a return', async () => {
  const { all } = await nodes(1);
  const [node] = all as [Node];
  const before = arrive(node, 'ben');
  await pass(3_000);
  before.close();
  await pass(limits.presenceGraceMs - 1_000);
  arrive(node, 'ben');
  await pass(10_000);
  expect(told(node)).toEqual(['ben online']);
});

test('the number online is of people, of all nodes, without those who hide', async () => {
  const { all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  arrive(here, 'ada');
  arrive(here, 'ben');
  const phone = arrive(there, 'ben');
  arrive(there, 'mei').set({ isHidden: true });
  await pass(3_000);
  expect(all.map(({ directory }) => directory.onlineCount)).toEqual([2, 2]);
  phone.set({ isIdle: true });
  arrive(there, 'eve');
  await pass(3_000);
  expect(all.map(({ directory }) => directory.onlineCount)).toEqual([3, 3]);
});
