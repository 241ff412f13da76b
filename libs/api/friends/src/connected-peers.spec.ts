import { EventEmitter } from 'node:events';
import { defaultSettings } from '@cloudhop/contracts';
import { type AppSocket, Draining, limits, type RealtimeServer } from '@cloudhop/api/platform';
import {
  type FeedChange,
  type FeedHub,
  MemoryNetwork,
  MemoryNodeBus,
  NodeDirectory,
  type PresenceDirectory,
  type PresenceRegistry,
  ReplicatedState,
} from '@cloudhop/api/realtime';
import { ConnectedPeers } from './connected-peers.service';
import type { FriendsRepository } from './friends.repository';

test('a device that closes while another of the same person arrives does not take that one along', async () => {
  let arrive: (socket: AppSocket) => Promise<void> = async () => undefined;
  const repository = {
    connectedPerson: async () => ({ rev: 0, friends: new Set(), blocked: new Set(), settings: defaultSettings }),
  } as unknown as FriendsRepository;
  const realtime = { onHandshake: (step: typeof arrive) => void (arrive = step) } as unknown as RealtimeServer;
  const feeds = { onChange: () => undefined } as unknown as FeedHub;
  const directory = { arrive: () => undefined } as unknown as PresenceDirectory;
  const state = { section: () => ({ set: () => undefined, others: () => [] }) } as unknown as ReplicatedState;
  const peers = new ConnectedPeers(repository, realtime, feeds, {} as PresenceRegistry, directory, state);
  peers.onModuleInit();
  const aSocket = () =>
    ({
      data: { actor: { userId: 'ada' } },
      conn: Object.assign(new EventEmitter(), { readyState: 'open' }),
    }) as unknown as AppSocket;
  const [first, second] = [aSocket(), aSocket()];
  const arrivals = [arrive(first), arrive(second)];
  Object.assign(first.conn, { readyState: 'closed' }).emit('close');
  await Promise.all(arrivals);
  expect([...(peers.find('ada')?.sockets ?? [])]).toEqual([second]);
  Object.assign(second.conn, { readyState: 'closed' }).emit('close');
  expect(peers.find('ada')).toBeUndefined();
});

describe('blocks on two nodes', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Starts a node. `blocks` are the stored blocks of every user. */
  async function aNode(network: MemoryNetwork, blocks: Record<string, string[]>) {
    let arrive: (socket: AppSocket) => Promise<void> = async () => undefined;
    let change: (userId: string, change: FeedChange) => void = () => undefined;
    const repository = {
      connectedPerson: async (userId: string) => ({
        rev: 0,
        friends: new Set(),
        blocked: new Set(blocks[userId]),
        settings: defaultSettings,
      }),
    } as unknown as FriendsRepository;
    const realtime = { onHandshake: (step: typeof arrive) => void (arrive = step) } as unknown as RealtimeServer;
    const feeds = { onChange: (_kind: string, on: typeof change) => void (change = on) } as unknown as FeedHub;
    const directory = { arrive: () => undefined } as unknown as PresenceDirectory;
    const bus = new MemoryNodeBus(network);
    const nodes = new NodeDirectory(bus, new Draining());
    const state = new ReplicatedState(bus, nodes);
    const peers = new ConnectedPeers(repository, realtime, feeds, {} as PresenceRegistry, directory, state);
    peers.onModuleInit();
    for (const each of [state, nodes]) await each.onApplicationBootstrap();
    const changed: string[] = [];
    peers.listen({ apartChanged: ({ userId }, otherId) => void changed.push([userId, otherId].sort().join()) });
    return {
      peers,
      changed,
      async arrive(userId: string) {
        const conn = Object.assign(new EventEmitter(), { readyState: 'open' });
        await arrive({ data: { actor: { userId } }, conn } as unknown as AppSocket);
        return () => void Object.assign(conn, { readyState: 'closed' }).emit('close');
      },
      block(userId: string, otherId: string, isBlocked: boolean) {
        const level = isBlocked ? 'blocked' : 'none';
        change(userId, { kind: 'block', rev: 1, block: { userId: otherId, level } });
      },
      isApart: (userId: string, otherId: string) => peers.apartFrom(userId)?.has(otherId) === true,
    };
  }
  const published = () => jest.advanceTimersByTimeAsync(2 * limits.statePublishMs);

  test('keep two users apart on both, from the first moment until the leave was emitted', async () => {
    const network = new MemoryNetwork();
    const blocks = { ada: ['ben'] };
    const [here, there] = [await aNode(network, blocks), await aNode(network, blocks)];
    const leave = await here.arrive('ada');
    await there.arrive('ben');
    await published();
    expect([there.isApart('ben', 'ada'), there.isApart('ben', 'eve')]).toEqual([true, false]);
    leave();
    await jest.advanceTimersByTimeAsync(limits.presenceGraceMs + limits.presenceIntervalMs);
    expect(there.isApart('ben', 'ada')).toBe(true);
    // Forgotten with a later departure.
    await jest.advanceTimersByTimeAsync(limits.presenceGraceMs);
    (await there.arrive('eve'))();
    expect(there.isApart('ben', 'ada')).toBe(false);
    expect(there.changed).toEqual(['ada,ben']);
  });

  test('begin and end for the other user at once, also with devices on two nodes', async () => {
    const network = new MemoryNetwork();
    const [here, there] = [await aNode(network, {}), await aNode(network, {})];
    await here.arrive('ada');
    await there.arrive('ada');
    await there.arrive('ben');
    for (const isBlocked of [true, false]) {
      for (const node of [here, there]) node.block('ada', 'ben', isBlocked);
      await published();
      expect(there.isApart('ben', 'ada')).toBe(isBlocked);
    }
    expect(there.changed).toEqual(['ada,ben', 'ada,ben']);
  });
});
