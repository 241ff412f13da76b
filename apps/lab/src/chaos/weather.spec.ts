import type { FaultKind } from './schedule';
import { Weather } from './weather';

/** Condition of node 0 from second 100 to 105, after one fault. */
function conditionAfter(kind: FaultKind, node = 0, [from, to]: [number, number] = [99, 101]): string {
  const weather = new Weather();
  weather.add({ kind, node, from: from * 1_000, to: to * 1_000 });
  return weather.of(0, 100_000, 105_000);
}

test('a server is healthy unless something happened to it, to Redis or to Postgres', () => {
  expect(new Weather().of(0, 100_000, 105_000)).toBe('healthy');
  expect(conditionAfter('flood')).toBe('healthy');
  expect(conditionAfter('freeze', 1)).toBe('healthy');
  expect(conditionAfter('postgres:stall', 1)).toBe('healthy');
});

test('Redis, or any way to it, excuses what comes later; Postgres and the process itself excuse more', () => {
  expect(conditionAfter('redisPause', 1)).toBe('withoutRedis');
  expect(conditionAfter('redis:cut', 1)).toBe('withoutRedis');
  expect(conditionAfter('freeze')).toBe('cutOff');
  expect(conditionAfter('rolling', 1)).toBe('cutOff');
  expect(conditionAfter('database', 1)).toBe('cutOff');
  expect(conditionAfter('postgres:halfOpen')).toBe('cutOff');
});

test('a fault excuses nothing before it, and nothing long after it', () => {
  expect(conditionAfter('redisKill', 0, [106, 107])).toBe('healthy');
  expect(conditionAfter('redisKill', 0, [90, 93])).toBe('healthy');
  expect(conditionAfter('redisKill', 0, [90, 95])).toBe('withoutRedis');
  expect(conditionAfter('redisKill', 0, [90, Infinity])).toBe('withoutRedis');
});
