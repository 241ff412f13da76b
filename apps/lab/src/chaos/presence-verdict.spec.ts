import { type PresenceList, lingering, presenceProblems } from './presence-verdict';

const present = new Set(['ann', 'ben', 'cai']);
const now = 1_000_000;

/** List of one of two servers, when all is well. */
const aList = (node: number, change: Partial<PresenceList> = {}): PresenceList => ({
  node,
  place: 'lobby',
  userIds: ['ann', 'ben', 'cai'],
  count: 3,
  isAtLeast: false,
  askedAt: now,
  ...change,
});
const left = (sinceMs: number) => new Map([['dan', { name: 'dan', at: now - sinceMs }]]);
const shows = (count: number | undefined) => [{ device: 'phone', place: 'lobby', count }];

test('servers and devices that agree have nothing to say, also while somebody who just left is listed', () => {
  expect(presenceProblems([aList(0), aList(1)], shows(3), present, new Map())).toEqual([]);
  const withDan = aList(1, { userIds: ['ann', 'ben', 'cai', 'dan'], count: 4 });
  expect(presenceProblems([aList(0), withDan], shows(4), present, left(20_000))).toEqual([]);
});

test.each<[string, Partial<PresenceList>, string]>([
  ['knows only its own users', { userIds: ['ann'], count: 1 }, 'node 1, lobby: 2 of 3 users are not listed'],
  ['sums users up', { count: 6 }, 'node 1, lobby: 6 are counted and 3 listed'],
  [
    'lists a user once for each server',
    { userIds: ['ann', 'ann', 'ben', 'cai'], count: 4 },
    'node 1, lobby: a user is listed twice',
  ],
  [
    'lists somebody whom nobody knows',
    { userIds: ['ann', 'ben', 'cai', 'eve'], count: 4 },
    'node 1, lobby: 1 users are listed whom nobody knows',
  ],
  ['still takes its number for too low', { isAtLeast: true }, 'node 1, lobby: the number is said to be too low'],
])('a server that %s is wrong', (_name, change, sentence) => {
  expect(presenceProblems([aList(0), aList(1, change)], [], present, new Map())).toEqual([sentence]);
});

test('a device that shows too few, too many or none is wrong', () => {
  expect(presenceProblems([], shows(2), present, new Map())).toEqual(['phone shows 2 users in the lobby, where 3 are']);
  expect(presenceProblems([], shows(5), present, left(1_000))).toHaveLength(1);
  expect(presenceProblems([], shows(undefined), present, new Map())).toHaveLength(1);
});

test('nobody is listed 30 s after leaving, whatever happened to their server', () => {
  const withDan = aList(1, { userIds: ['ann', 'dan'] });
  expect(lingering(withDan, left(30_000))).toEqual([]);
  expect(lingering(withDan, left(30_500))).toEqual(['dan is listed in the lobby by node 1 30.5 s after leaving']);
  expect(lingering(aList(1), left(90_000))).toEqual([]);
});
