import { type FactPayload, type User, defaultSettings } from '@cloudhop/contracts';
import type { AppSocket } from '../app-socket';
import type { RealtimeServer } from '../realtime-server';
import { PresenceRegistry } from './presence-registry';

const lobby = 'lobby';
const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const user = (n: number, profileRev = 1): User => ({ id: id(n), kind: 'guest', displayName: `Guest ${n}`, profileRev });

function aSocket(n: number, isHidden = false): AppSocket {
  return {
    data: { actor: { userId: id(n) }, user: user(n), isHidden, settings: defaultSettings },
  } as unknown as AppSocket;
}

function aRegistry() {
  const told: FactPayload<'presence:changed'>[] = [];
  const realtime = {
    emit: (_rooms: string[], _fact: string, payload: FactPayload<'presence:changed'>) => void told.push(payload),
  } as unknown as RealtimeServer;
  const registry = new PresenceRegistry(realtime);
  return { registry, told, enter: (socket: AppSocket) => registry.enter(socket, lobby, () => ['room']) };
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
