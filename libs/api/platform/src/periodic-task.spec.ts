import { PeriodicTask } from './periodic-task';

/** A task whose rounds end when the test says so. */
function aTask() {
  const rounds: PromiseWithResolvers<void>[] = [];
  const errors: unknown[] = [];
  const task = new PeriodicTask({
    intervalMs: () => 3_600_000,
    round: () => {
      rounds.push(Promise.withResolvers<void>());
      return rounds.at(-1)!.promise;
    },
    onError: (error) => errors.push(error),
  });
  return { task, rounds, errors };
}

test('a call during a round waits for that round', async () => {
  const { task, rounds } = aTask();
  const calls = [task.run(), task.run()];
  rounds[0]!.resolve();
  await Promise.all(calls);
  expect(rounds).toHaveLength(1);
});

test('a round that fails is reported, and the next one runs', async () => {
  const { task, rounds, errors } = aTask();
  const first = task.run();
  rounds[0]!.reject(new Error('no room'));
  await first;
  const second = task.run();
  rounds[1]!.resolve();
  await second;
  expect(errors).toEqual([new Error('no room')]);
});

test('stop waits for the round that runs, which can see it', async () => {
  const { task, rounds } = aTask();
  task.start();
  const order: string[] = [];
  void task.run().then(() => order.push('round'));
  const stopped = task.stop().then(() => order.push('stop'));
  expect(task.isStopped).toBe(true);
  rounds[0]!.resolve();
  await stopped;
  expect(order).toEqual(['round', 'stop']);
});
