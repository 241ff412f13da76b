import { Logger } from '@nestjs/common';
import { Draining } from './draining';

beforeAll(() => Logger.overrideLogger(false));

test('clients are told first, then the queues are emptied in order, and it happens once', async () => {
  const draining = new Draining();
  const told: string[] = [];
  const step = (name: string) => async () => {
    await new Promise((resolve) => setImmediate(resolve));
    told.push(name);
  };
  draining.onDrain(step('commits'));
  draining.onBegin(step('sockets'));
  draining.onDrain(step('read marks'));
  expect(draining.isDraining).toBe(false);
  const first = draining.drain('SIGTERM');
  expect(draining.isDraining).toBe(true);
  await Promise.all([first, draining.drain('SIGINT')]);
  expect(told).toEqual(['sockets', 'commits', 'read marks']);
});

test('it still accepts while load balancers notice, and a second signal ends the wait', async () => {
  const draining = new Draining();
  const steps: string[] = [];
  draining.onBegin(() => void steps.push('sockets'));
  const over = draining.drain('SIGTERM', 3_600_000);
  expect([draining.isLeaving, draining.isDraining, steps]).toEqual([true, false, []]);
  await Promise.all([over, draining.drain('SIGTERM')]);
  expect([draining.isDraining, steps]).toEqual([true, ['sockets']]);
});

test('a step that fails does not keep the others', async () => {
  const draining = new Draining();
  const told: string[] = [];
  draining.onDrain(() => {
    throw new Error('at once');
  });
  draining.onDrain(() => Promise.reject(new Error('later')));
  draining.onDrain(() => void told.push('last'));
  await draining.drain('SIGTERM');
  expect(told).toEqual(['last']);
});
