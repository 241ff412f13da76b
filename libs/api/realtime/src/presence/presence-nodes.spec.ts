import { type FactPayload, type User, defaultSettings } from '@cloudhop/contracts';
import { type AppSocket, Draining, limits, type RealtimeServer } from '@cloudhop/api/platform';
import * as fc from 'fast-check';
import type { FeedHub } from '../feeds';
import { MemoryNetwork, MemoryNodeBus } from '../bus';
import { NodeDirectory, ReplicatedState } from '../nodes';
import { PresenceRegistry } from './presence-registry';

const lobby = 'lobby';
const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const user = (n: number, profileRev = 1): User => ({ id: id(n), kind: 'guest', displayName: `Guest ${n}`, profileRev });

function aSocket(n: number): AppSocket {
  const data = { actor: { userId: id(n) }, user: user(n), isHidden: false, settings: defaultSettings };
  return { data } as unknown as AppSocket;
}

type Node = Awaited<ReturnType<typeof aNode>>;

/** Starts a node that records its facts. `isFollowed`: sockets of this node receive them. */
async function aNode(network: MemoryNetwork, isFollowed = true) {
  const facts: FactPayload<'presence:changed'>[] = [];
  const realtime = {
    emit: (_rooms: string[], _fact: string, payload: FactPayload<'presence:changed'>) => void facts.push(payload),
  } as unknown as RealtimeServer;
  const feeds = { rooms: () => (isFollowed ? ['room'] : []) } as unknown as FeedHub;
  const bus = new MemoryNodeBus(network);
  const draining = new Draining();
  const nodes = new NodeDirectory(bus, draining);
  const state = new ReplicatedState(bus, nodes);
  const registry = new PresenceRegistry(realtime, feeds, bus, state);
  for (const each of [state, nodes]) await each.onApplicationBootstrap();
  return {
    bus,
    draining,
    facts,
    registry,
    enter: (n: number, place = lobby) => {
      const socket = aSocket(n);
      registry.enter(socket, place);
      return socket;
    },
    list: (place = lobby) => registry.list(place, undefined).items.map((each) => each.id),
    /** Returns the joins and leaves that were emitted, and removes them. */
    notices: () => {
      const taken = facts.splice(0);
      return [taken.flatMap(({ joined }) => joined), taken.flatMap(({ left }) => left)];
    },
  };
}

async function nodes(count: number): Promise<{ network: MemoryNetwork; all: Node[] }> {
  const network = new MemoryNetwork();
  const all: Node[] = [];
  for (let n = 0; n < count; n++) all.push(await aNode(network));
  await pass(1_000);
  return { network, all };
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
/** Time within which nodes agree while the bus works. */
const agreeMs = 2_000;
const healMs = 6_000;
const graceMs = () => limits.presenceGraceMs + agreeMs;

/** Counts the messages that a bus publishes, by channel. */
function published(bus: MemoryNodeBus): string[] {
  const channels: string[] = [];
  const publish = bus.publishEphemeral.bind(bus);
  bus.publishEphemeral = (channel, message) => {
    channels.push(channel);
    publish(channel, message);
  };
  return channels;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('nodes agree on count and list, and a user with devices on two of them counts once', async () => {
  const { all } = await nodes(3);
  const [here, there, third] = all as [Node, Node, Node];
  const desk = here.enter(1);
  const phone = there.enter(1);
  there.enter(2);
  third.enter(3);
  await pass(agreeMs);
  for (const node of all) {
    expect(node.list()).toEqual([1, 2, 3].map(id));
    expect(node.facts.at(-1)).toMatchObject({ count: 3 });
    expect(node.facts.at(-1)!.isAtLeast).toBeUndefined();
    expect(node.notices()[0]!.sort()).toEqual([1, 2, 3].map(id));
  }
  here.registry.leave(desk);
  await pass(graceMs());
  for (const node of all) expect([node.registry.count(lobby), node.notices()]).toEqual([3, [[], []]]);
  there.registry.leave(phone);
  await pass(agreeMs);
  for (const node of all) expect(node.list()).toEqual([2, 3].map(id));
  await pass(graceMs());
  for (const node of all) expect(node.notices()).toEqual([[], [id(1)]]);
});

test('whoever moves to another node within the grace period neither leaves nor joins', async () => {
  const { all } = await nodes(3);
  const [here, there] = all as [Node, Node];
  const socket = here.enter(1);
  await pass(agreeMs);
  for (const node of all) node.notices();
  here.registry.leave(socket);
  await pass(limits.presenceGraceMs - 1);
  there.enter(1);
  await pass(2 * graceMs());
  for (const node of all) expect([node.list(), node.notices()]).toEqual([[id(1)], [[], []]]);
});

test('a node without sockets in a place knows who is there, and its first socket joins the others', async () => {
  const { network, all } = await nodes(1);
  const [here] = all as [Node];
  here.enter(1, 'room');
  await pass(agreeMs);
  // Also a node that starts later.
  const late = await aNode(network, false);
  await pass(agreeMs);
  expect([late.list('room'), late.registry.ids('room', 9)]).toEqual([[id(1)], [id(1)]]);
  late.enter(2, 'room');
  await pass(agreeMs);
  expect([late.facts.length, late.facts[0]]).toEqual([1, expect.objectContaining({ joined: [id(2)], count: 2 })]);
});

test('without the bus a node shows its own and those whose lease holds, and says at least', async () => {
  const { network, all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  here.enter(1);
  there.enter(2);
  await pass(agreeMs);
  for (const node of all) node.facts.splice(0);
  network.interrupt();
  // At once.
  for (const node of all) expect(node.facts).toEqual([expect.objectContaining({ count: 2, isAtLeast: true })]);
  expect(here.registry.list(lobby, undefined)).toMatchObject({ count: 2, isAtLeast: true });
  here.enter(3);
  await pass(limits.nodeLeaseMs + limits.nodeBeatMs + agreeMs);
  expect([here.list(), there.list()]).toEqual([[1, 3].map(id), [id(2)]]);
  expect(here.facts.at(-1)).toMatchObject({ count: 2, isAtLeast: true });
  expect(there.facts.at(-1)).toMatchObject({ count: 1, isAtLeast: true });
  // Nobody was seen to leave.
  expect([here.notices(), there.notices()]).toEqual([
    [[id(3)], []],
    [[], []],
  ]);
  network.heal();
  await pass(healMs);
  for (const node of all) {
    expect(node.list()).toEqual([1, 2, 3].map(id));
    expect(node.facts.at(-1)).toMatchObject({ count: 3 });
    expect(node.facts.at(-1)!.isAtLeast).toBeUndefined();
  }
  // Those who were known before the interruption did not come back.
  expect([here.notices(), there.notices()]).toEqual([
    [[], []],
    [[id(3)], []],
  ]);
  await pass(healMs);
  here.registry.leave(here.enter(2));
  await pass(graceMs());
  expect(here.list()).toEqual([1, 2, 3].map(id));
});

test('a node that dies takes its users along, but for those who are on another one', async () => {
  const { network, all } = await nodes(3);
  const [here, there, third] = all as [Node, Node, Node];
  there.enter(1);
  there.enter(2);
  await pass(agreeMs);
  network.buses.delete(there.bus);
  third.enter(2);
  await pass(30_000);
  for (const node of [here, third]) {
    expect(node.list()).toEqual([id(2)]);
    expect(node.notices()).toEqual([[1, 2].map(id), [id(1)]]);
  }
});

test('hidden users and new names are the same on each node', async () => {
  const { all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  const socket = here.enter(1);
  here.enter(2);
  await pass(agreeMs);
  here.registry.setHidden(socket, true);
  here.registry.userChanged(user(2, 2));
  await pass(agreeMs);
  expect(there.registry.list(lobby, undefined).items).toEqual([user(2, 2)]);
  expect(there.facts.at(-1)).toMatchObject({ joinedCount: 0, leftCount: 0, users: [user(2, 2)] });
  here.registry.setHidden(socket, false);
  await pass(agreeMs);
  expect(there.list()).toEqual([1, 2].map(id));
});

test('many who join within an interval are one message, and idle places publish nothing', async () => {
  const { all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  const channels = published(here.bus);
  for (let n = 0; n < 80; n++) for (const place of ['lobby', 'room']) here.enter(n, place);
  await pass(agreeMs);
  expect([there.registry.count('lobby'), there.registry.count('room')]).toEqual([80, 80]);
  expect(channels.filter((channel) => channel === 'state')).toHaveLength(1);
  channels.splice(0);
  const others = published(there.bus);
  await pass(10 * limits.nodeBeatMs);
  expect(new Set([...channels, ...others])).toEqual(new Set(['nodes']));
});

test('a large state is paced, and still there in time after an interruption', async () => {
  const { network, all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  network.interrupt();
  for (let n = 0; n < 5_000; n++) here.enter(n);
  await pass(limits.nodeLeaseMs);
  const channels = published(here.bus);
  network.heal();
  await pass(limits.statePublishMs * 2);
  expect(channels.filter((channel) => channel === 'state').length).toBeLessThanOrEqual(2 * limits.stateMessages);
  await pass(healMs - limits.statePublishMs * 2);
  expect(there.registry.count(lobby)).toBe(5_000);
});

test('I14: a malformed message or entry of another node harms nothing beside itself', async () => {
  const { network, all } = await nodes(2);
  const [here, there] = all as [Node, Node];
  const peer = there.bus;
  let sender = '';
  here.bus.publishEphemeral = (channel, message) => {
    if (channel === 'nodes') sender = (message as { node: { id: string } }).node.id;
    MemoryNodeBus.prototype.publishEphemeral.call(here.bus, channel, message);
  };
  await pass(limits.nodeBeatMs);
  const entries = [
    ['places/lobby/x', { id: 'x' }],
    [`places/lobby/${id(8)}`, user(9)],
    ['nothing', user(1)],
    ['unknown/lobby', user(1)],
    [`places/lobby/${id(9)}`, user(9)],
  ];
  // The other node hears these as messages of this one.
  const forge = new MemoryNodeBus(network);
  for (const message of [
    {},
    { kind: 'state' },
    { kind: 'state', node: sender, n: -1, entries: [] },
    { kind: 'state', node: sender, n: 1, entries: [['x'.repeat(1_000), user(1)]] },
    { kind: 'ask', of: 'everybody' },
    { kind: 'state', node: 'a stranger', n: 1, entries: [[`places/lobby/${id(7)}`, user(7)]] },
    { kind: 'state', node: sender, n: 1, entries },
  ])
    forge.publishEphemeral('state', message);
  await pass(1);
  expect(there.list()).toEqual([id(9)]);
  expect(peer.state).toBe('connected');
});

test('whatever happens, nodes agree with the union of what is true, by user, once it is quiet', async () => {
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('move' as const),
        node: fc.nat(2),
        who: fc.nat(4),
        place: fc.constantFrom('lobby', 'room'),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(8_000) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('interrupt' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('heal' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), node: fc.nat(2) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { network, all } = await nodes(3);
      const sockets = all.map(() => new Map<string, AppSocket>());
      const told = all.map(() => new Map([lobby, 'room'].map((place) => [place, 0])));
      for (const each of steps) {
        switch (each.kind) {
          case 'move': {
            const own = sockets[each.node]!;
            const key = `${each.place} ${each.who}`;
            const socket = own.get(key);
            if (socket) all[each.node]!.registry.leave(socket, each.place);
            if (!own.delete(key)) own.set(key, all[each.node]!.enter(each.who, each.place));
            break;
          }
          case 'wait':
            await pass(each.ms);
            break;
          case 'interrupt':
            network.interrupt();
            break;
          case 'heal':
            network.heal();
            break;
          case 'cut': {
            // One node alone loses messages for a while, and its bus notices nothing.
            const { bus } = all[each.node]!;
            network.buses.delete(bus);
            await pass(1_500);
            network.buses.add(bus);
          }
        }
      }
      network.heal();
      await pass(healMs);
      for (const place of [lobby, 'room']) {
        const present = sockets.flatMap((own) => [...own.keys()].filter((key) => key.startsWith(place)));
        const truth = [...new Set(present.map((key) => id(Number(key.split(' ')[1]))))].sort();
        for (const node of all) expect([place, node.list(place)]).toEqual([place, truth]);
      }
      await pass(graceMs());
      // The last fact of each node has the count of its list.
      for (const [n, node] of all.entries()) {
        for (const { conversationId, count } of node.facts) told[n]!.set(conversationId!, count);
        for (const [place, count] of told[n]!) expect([place, count]).toEqual([place, node.registry.count(place)]);
      }
      for (const { draining } of all) await draining.drain('test');
      jest.clearAllTimers();
    }),
    { numRuns: 60 },
  );
});
