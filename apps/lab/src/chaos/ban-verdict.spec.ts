import { type BanRound, bannedDeliveries } from './ban-verdict';

const endedAt = 1_000_000;
const aRound = (change: Partial<BanRound> = {}): BanRound => ({
  name: 'guest 1',
  afterMark: 'after ban 1.',
  endedAt,
  condition: 'healthy',
  lagMs: 0,
  arrivals: [],
  ...change,
});
const arrival = (afterMs: number, text = 'talk 1.7', name = 'conversation:changed') => ({
  name,
  text,
  at: endedAt + afterMs,
});

test('I6: what was said before a ban may arrive until delivery has to end', () => {
  expect(bannedDeliveries(aRound({ arrivals: [arrival(-5_000), arrival(900)] }))).toEqual([]);
});

test.each<[BanRound['condition'], number]>([
  ['healthy', 1_000],
  ['withoutRedis', 3_000],
])('I6: a fact of the conversation later than that is wrong: %s, %d ms', (condition, endsWithinMs) => {
  const late = (ms: number, lagMs = 0) =>
    bannedDeliveries(aRound({ condition, lagMs, arrivals: [arrival(ms, '', 'typing:changed')] }));
  expect(late(endsWithinMs)).toEqual([]);
  expect(late(endsWithinMs + 1)).toEqual([
    `guest 1 received typing:changed ${endsWithinMs + 1} ms after the ban (${condition})`,
  ]);
  // This program may have been late itself.
  expect(late(endsWithinMs + 1, 50)).toEqual([]);
});

test('I6: what was typed after the answer to a ban never arrives, whatever is broken, and by no answer', () => {
  const typedLater = arrival(20, 'after ban 1.0');
  expect(bannedDeliveries(aRound({ arrivals: [typedLater] }))).toHaveLength(1);
  expect(bannedDeliveries(aRound({ condition: 'cutOff', arrivals: [typedLater] }))).toHaveLength(1);
  const answer = arrival(20, 'after ban 1.0', 'answer');
  expect(bannedDeliveries(aRound({ arrivals: [answer] }))).toHaveLength(1);
  // Not a word of it, as in the answer that says that one is banned.
  expect(bannedDeliveries(aRound({ arrivals: [arrival(9_000, 'gone', 'answer')] }))).toEqual([]);
});
