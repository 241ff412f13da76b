import { type FactPayload, type User, defaultSettings } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { type AppSocket, Draining, type RealtimeServer } from '@cloudhop/api/platform';
import type { FeedHub } from '../feeds';
import { MemoryNodeBus } from '../bus';
import { NodeDirectory, ReplicatedState } from '../nodes';
import { PresenceRegistry } from './presence-registry';

const lobby = 'lobby';
const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const user = (n: number, profileRev = 1): User => ({ id: id(n), kind: 'guest', displayName: `Guest ${n}`, profileRev });

function aSocket(n: number, isHidden = false): AppSocket {
  return {
    data: { actor: { userId: id(n) }, user: user(n), isHidden, settings: defaultSettings },
  } as unknown as AppSocket;
}

/** Creates the registry of a single node, whose sockets are in one room. */
function singleRegistry(realtime: RealtimeServer): PresenceRegistry {
  const bus = new MemoryNodeBus();
  const state = new ReplicatedState(bus, new NodeDirectory(bus, new Draining()));
  return new PresenceRegistry(realtime, { rooms: () => ['room'] } as unknown as FeedHub, bus, state);
}

function aRegistry() {
  const told: FactPayload<'presence:changed'>[] = [];
  const realtime = {
    emit: (_rooms: string[], _fact: string, payload: FactPayload<'presence:changed'>) => void told.push(payload),
  } as unknown as RealtimeServer;
  const registry = singleRegistry(realtime);
  return { registry, told, enter: (socket: AppSocket) => registry.enter(socket, lobby) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('hundreds who arrive together are told in few facts with few names, and counted all', () => {
  const { told, enter } = aRegistry();
  for (let n = 0; n < 300; n++) enter(aSocket(n));
  jest.advanceTimersByTime(5_000);
  expect(told.length).toBeLessThanOrEqual(2);
  expect(told.reduce((sum, { joinedCount }) => sum + joinedCount, 0)).toBe(300);
  expect(told.at(-1)!.count).toBe(300);
  for (const { joined, users } of told) expect([joined.length, users.length]).toEqual([10, 10]);
});

test('a person with two tabs is one person, and leaves with the last', () => {
  const { registry, told, enter } = aRegistry();
  const tabs = [aSocket(1), aSocket(1)];
  for (const tab of tabs) enter(tab);
  jest.advanceTimersByTime(5_000);
  registry.leave(tabs[0]!);
  jest.advanceTimersByTime(5_000);
  expect(registry.count(lobby)).toBe(1);
  registry.leave(tabs[1]!);
  jest.advanceTimersByTime(5_000);
  expect(told.map(({ joinedCount, leftCount, count }) => [joinedCount, leftCount, count])).toEqual([
    [1, 0, 1],
    [0, 1, 0],
  ]);
  expect(told[1]).toMatchObject({ left: [id(1)], users: [{ displayName: 'Guest 1' }] });
});

test('who hides is neither listed nor counted, and comes back when shown', () => {
  const { registry, enter } = aRegistry();
  const [seen, hidden] = [aSocket(1), aSocket(2, true)];
  enter(seen);
  enter(hidden);
  expect(registry.list(lobby, undefined)).toEqual({ items: [user(1)], count: 1 });
  expect(registry.isHere(hidden, lobby)).toBe(true);
  registry.setHidden(hidden, false);
  registry.setHidden(seen, true);
  expect(registry.list(lobby, undefined)).toEqual({ items: [user(2)], count: 1 });
});

test('the list is paged by fifty and names everyone once', () => {
  const { registry, enter } = aRegistry();
  for (let n = 0; n < 120; n++) enter(aSocket(n));
  const sizes: number[] = [];
  const names = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = registry.list(lobby, cursor);
    sizes.push(page.items.length);
    for (const { id: each } of page.items) names.add(each);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  expect(sizes).toEqual([50, 50, 20]);
  expect(names.size).toBe(120);
});

test('a new name is told where the person is', () => {
  const { registry, told, enter } = aRegistry();
  enter(aSocket(1));
  jest.advanceTimersByTime(5_000);
  registry.userChanged(user(1, 2));
  expect(told.at(-1)).toMatchObject({ joinedCount: 0, leftCount: 0, users: [{ id: id(1), profileRev: 2 }] });
  expect(registry.list(lobby, undefined).items).toEqual([user(1, 2)]);
});

describe('whom a block keeps apart', () => {
  /** Creates a place in which every socket records its facts. */
  function aPlace() {
    const told = new Map<AppSocket, FactPayload<'presence:changed'>[]>();
    const emitTo = (sockets: Iterable<AppSocket>, _fact: string, payload: FactPayload<'presence:changed'>) => {
      for (const socket of sockets) {
        // The emitted facts and the list always agree.
        const { count } = registry.list(lobby, undefined, apart.get(socket.data.actor.userId));
        expect(payload.count).toBe(count);
        told.get(socket)!.push(payload);
      }
    };
    const realtime = {
      emit: (_rooms: string[], fact: string, payload: FactPayload<'presence:changed'>) =>
        emitTo(told.keys(), fact, payload),
      emitTo,
      socketsIn: () => [...told.keys()],
    } as unknown as RealtimeServer;
    const apart = new Map<string, Set<string>>();
    const registry = singleRegistry(realtime);
    registry.keepApart((userId) => apart.get(userId));
    return {
      registry,
      told,
      apartOf: (userId: string) => apart.get(userId) ?? new Set<string>(),
      enter(socket: AppSocket) {
        told.set(socket, []);
        registry.enter(socket, lobby);
      },
      setBlock(a: number, b: number, isApart: boolean) {
        if ((apart.get(id(a))?.has(id(b)) ?? false) === isApart) return;
        for (const [one, two] of [
          [id(a), id(b)],
          [id(b), id(a)],
        ] as const) {
          const others = apart.get(one) ?? new Set();
          if (isApart) others.add(two);
          else others.delete(two);
          apart.set(one, others);
        }
        registry.apartChanged(id(a), id(b));
      },
    };
  }

  test('seem to each other not to be here: no name, no count, no place on a page tells of them', () => {
    const people = fc.integer({ min: 0, max: 5 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('hide' as const), who: people, on: fc.boolean() }),
      fc.record({ kind: fc.constant('block' as const), who: people, other: people, on: fc.boolean() }),
      fc.record({ kind: fc.constant('rename' as const), who: people }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 8_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const place = aPlace();
        const sockets = Array.from({ length: 6 }, (_, n) => aSocket(n));
        for (const socket of sockets) place.enter(socket);
        jest.advanceTimersByTime(10_000);
        const seen = new Map(sockets.map((socket) => [socket, new Set(sockets.map(({ data }) => data.actor.userId))]));
        for (const facts of place.told.values()) facts.splice(0);
        let rev = 1;
        const shown = new Set<string>();
        for (const each of steps) {
          if (each.kind === 'hide' && !each.on) shown.add(id(each.who));
          if (each.kind === 'hide') place.registry.setHidden(sockets[each.who]!, each.on);
          else if (each.kind === 'block') {
            if (each.who !== each.other) place.setBlock(each.who, each.other, each.on);
          } else if (each.kind === 'rename') place.registry.userChanged(user(each.who, ++rev));
          else jest.advanceTimersByTime(each.ms);
          for (const socket of sockets) {
            const apart = place.apartOf(socket.data.actor.userId);
            for (const { joined, left, users, joinedCount, leftCount } of place.told.get(socket)!.splice(0)) {
              expect([joinedCount, leftCount]).toEqual([joined.length, left.length]);
              // Without a name it tells the count again, as somebody has returned: never somebody who is kept apart.
              const isEmpty = joined.length + left.length + users.length === 0;
              if (isEmpty) expect([...shown].filter((each) => !apart.has(each))).not.toEqual([]);
              const named = [...joined, ...users.map((each) => each.id)].filter((each) => !left.includes(each));
              expect(named.filter((each) => apart.has(each))).toEqual([]);
              for (const each of left) seen.get(socket)!.delete(each);
              for (const each of joined) seen.get(socket)!.add(each);
            }
          }
        }
        jest.advanceTimersByTime(20_000);
        for (const socket of sockets) {
          const apart = place.apartOf(socket.data.actor.userId);
          for (const { joined, left } of place.told.get(socket)!.splice(0)) {
            for (const each of left) seen.get(socket)!.delete(each);
            for (const each of joined) seen.get(socket)!.add(each);
          }
          const { items } = place.registry.list(lobby, undefined, apart);
          expect([...seen.get(socket)!].sort()).toEqual(items.map((each) => each.id).sort());
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a page is as long as any other', () => {
    const place = aPlace();
    for (let n = 0; n < 120; n++) place.enter(aSocket(n));
    const apart = new Set([id(3), id(7), id(60)]);
    const first = place.registry.list(lobby, undefined, apart);
    const second = place.registry.list(lobby, first.nextCursor, apart);
    const third = place.registry.list(lobby, second.nextCursor, apart);
    expect([first, second, third].map(({ items, count }) => [items.length, count])).toEqual([
      [50, 117],
      [50, 117],
      [17, 117],
    ]);
  });
});

test('a count that was told while somebody’s leave waited is told again when they return', () => {
  const { registry, told, enter } = aRegistry();
  const reloading = aSocket(1);
  enter(reloading);
  enter(aSocket(2));
  jest.advanceTimersByTime(2_000);
  registry.leave(reloading);
  enter(aSocket(3));
  jest.advanceTimersByTime(2_000);
  expect(told.at(-1)!.count).toBe(2);
  enter(aSocket(1));
  jest.advanceTimersByTime(2_000);
  expect(told.at(-1)).toMatchObject({ count: 3, joinedCount: 0, leftCount: 0 });
});

test('whoever reads the count once and follows the facts has the right count in the end', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('enter', 'leave'), n: fc.nat(4) }),
    fc.record({ kind: fc.constant('read'), n: fc.constant(0) }),
    fc.record({ kind: fc.constant('wait'), n: fc.integer({ min: 100, max: 6_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { registry, told, enter } = aRegistry();
      const here = new Map<number, AppSocket>();
      let shown = 0;
      let read = 0;
      for (const { kind, n } of steps) {
        if (kind === 'wait') jest.advanceTimersByTime(n);
        if (kind === 'enter' && !here.has(n)) {
          here.set(n, aSocket(n));
          enter(here.get(n)!);
        }
        if (kind === 'leave' && here.has(n)) {
          registry.leave(here.get(n)!);
          here.delete(n);
        }
        if (kind === 'read') [shown, read] = [registry.list(lobby, undefined).count, told.length];
      }
      jest.advanceTimersByTime(20_000);
      const last = told.length > read ? told.at(-1)!.count : shown;
      expect(last).toBe(here.size);
    }),
  );
});
