import { limits } from '@cloudhop/api/platform';
import { Logger } from '@nestjs/common';
import { CommitQueue } from './commit-queue';
import type { LogOperation, LogVerdict } from './log.repository';

beforeAll(() => Logger.overrideLogger(false));

const operation = (body: string, conversationId = 'c'): LogOperation => ({
  kind: 'send',
  conversationId,
  userId: 'u',
  id: body,
  body,
});
const verdict = (index: number, outcome: LogVerdict['outcome']) => ({ index, outcome }) as LogVerdict;

test('I3: what a bad row splits from others keeps its place behind them, also when they wait for a lock', async () => {
  const committed: string[] = [];
  let isLocked = true;
  const lock = Promise.withResolvers<void>();
  const queue = new CommitQueue(async (operations, wait) => {
    const bodies = operations.map(({ body }) => body!);
    if (bodies.includes('bad')) throw Object.assign(new Error('not text'), { code: '22021' });
    if (isLocked && !wait) {
      isLocked = false;
      return operations.map((_, index) => verdict(index, 'again'));
    }
    if (wait) await lock.promise;
    committed.push(...bodies);
    return operations.map((_, index) => verdict(index, 'stored'));
  });
  const sent = ['a', 'b', 'bad', 'd', 'e'].map((body) => queue.submit(operation(body)));
  // An operation of another conversation commits after everything that needs no lock: overtaking has happened by then.
  await queue.submit(operation('elsewhere', 'other'));
  lock.resolve();
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(committed).toEqual(['elsewhere', 'a', 'b', 'd', 'e']);
  await queue.whenIdle();
});

test.each(['53000', '53100', '53200', '53300', '53400', '58000', '58030', '25006'])(
  'trouble of the server (%s) is no bad row: a batch is asked once, and everybody is told to wait',
  async (code) => {
    let commits = 0;
    let isOver = false;
    const queue = new CommitQueue(async (operations) => {
      commits++;
      if (!isOver) throw Object.assign(new Error('no room'), { code });
      return operations.map((_, index) => verdict(index, 'stored'));
    });
    const submitAll = () =>
      Promise.allSettled(
        Array.from({ length: limits.batchOperations }, (_, n) => queue.submit(operation(String(n), `c${n % 7}`))),
      );
    for (const outcome of await submitAll())
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'unavailable', retryAfterMs: limits.unavailableRetryMs, cause: { code } },
      });
    expect(commits).toBe(1);
    isOver = true;
    expect((await submitAll()).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(commits).toBe(2);
    await queue.whenIdle();
  },
);
