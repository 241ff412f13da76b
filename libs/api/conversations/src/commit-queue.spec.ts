import { CommitQueue } from './commit-queue';
import type { LogOperation, LogVerdict } from './log.repository';

const operation = (body: string): LogOperation => ({
  kind: 'send',
  conversationId: 'c',
  userId: 'u',
  id: body,
  body,
});
const verdict = (index: number, outcome: LogVerdict['outcome']) => ({ index, outcome }) as LogVerdict;

test('I3: what a bad row splits from others keeps its place behind them, also when they wait for a lock', async () => {
  const committed: string[] = [];
  let isLocked = true;
  const queue = new CommitQueue(async (operations, wait) => {
    const bodies = operations.map(({ body }) => body!);
    if (bodies.includes('bad')) throw Object.assign(new Error('not text'), { code: '22021' });
    if (isLocked && !wait) {
      isLocked = false;
      return operations.map((_, index) => verdict(index, 'again'));
    }
    // Who waits for the lock comes back later than who no longer has to.
    if (wait) await new Promise((resume) => setTimeout(resume, 20));
    committed.push(...bodies);
    return operations.map((_, index) => verdict(index, 'stored'));
  });
  const sent = ['a', 'b', 'bad', 'd', 'e'].map((body) => queue.submit(operation(body)));
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(committed).toEqual(['a', 'b', 'd', 'e']);
  await queue.whenIdle();
});
