import { EventEmitter } from 'node:events';
import { defaultSettings } from '@cloudhop/contracts';
import { type AppSocket, limits } from '@cloudhop/api/platform';
import { MemoryNetwork, MemoryNodeBus } from '../feeds/node-bus';
import { PresenceDirectory, type StatusChange } from './presence-directory';

interface Node {
  directory: PresenceDirectory;
  bus: MemoryNodeBus;
  told: StatusChange[];
}

async function nodes(count: number): Promise<{ network: MemoryNetwork; all: Node[] }> {
  const network = new MemoryNetwork();
  const all = await Promise.all(
    Array.from({ length: count }, async () => {
      const bus = new MemoryNodeBus(network);
      const directory = new PresenceDirectory(bus);
      const told: StatusChange[] = [];
      directory.onChange((changes) => told.push(...changes));
      await directory.onApplicationBootstrap();
      return { directory, bus, told };
    }),
  );
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
const told = ({ told }: Node) => told.map(({ userId, status }) => `${userId} ${status}`);

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
  const { all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  arrive(there, 'ben');
  arrive(here, 'ada');
  await pass(3_000);
  // The node falls silent.
  there.directory.onApplicationShutdown();
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
  await pass(limits.presenceBeatMs + 3_000);
  expect(here.directory.statusOf('eve')).toBe('online');
  const late = new PresenceDirectory(new MemoryNodeBus(network));
  await late.onApplicationBootstrap();
  await pass(3_000);
  expect([late.statusOf('ben'), late.statusOf('eve')]).toEqual(['online', 'online']);
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
