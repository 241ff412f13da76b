import { limits } from '@cloudhop/api/platform';
import { type HashLane, PasswordsService } from './passwords.service';

const before = { ...limits };
afterEach(() => Object.assign(limits, before));

it('keeps room in the queue for who is known, and takes them first', async () => {
  Object.assign(limits, { passwordHashes: 1, passwordQueueSuspected: 2, passwordQueueUnknown: 4, passwordQueue: 6 });
  const passwords = new PasswordsService();
  const stored = await passwords.hash('correct horse battery');
  await passwords.verify(stored, 'correct horse battery');
  const done: string[] = [];
  const refused: string[] = [];
  const asked = (['suspected', 'unknown', 'known'] as const).flatMap((lane: HashLane) =>
    Array.from({ length: 4 }, (_, n) =>
      passwords.verify(stored, 'correct horse battery', lane).then(
        (isRight) => done.push(`${lane} ${n} ${isRight}`),
        (error: { code: string }) => refused.push(`${lane} ${n} ${error.code}`),
      ),
    ),
  );
  await Promise.all(asked);
  await passwords.onApplicationShutdown();
  expect(done).toEqual([
    'suspected 0 true',
    'known 0 true',
    'known 1 true',
    'unknown 0 true',
    'unknown 1 true',
    'suspected 1 true',
    'suspected 2 true',
  ]);
  expect(refused.sort()).toEqual([
    'known 2 overloaded',
    'known 3 overloaded',
    'suspected 3 overloaded',
    'unknown 2 overloaded',
    'unknown 3 overloaded',
  ]);
});
