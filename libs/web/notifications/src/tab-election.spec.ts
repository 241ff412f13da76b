import { TabElection, type TabLocks } from './tab-election';

/** In-memory implementation of the part of LockManager that tabs use. */
function someLocks(): TabLocks {
  const held: { name: string }[] = [];
  const request = async (name: string, { ifAvailable }: LockOptions, act: (lock: Lock | null) => unknown) => {
    await Promise.resolve();
    if (ifAvailable && held.some((lock) => lock.name === name)) return act(null);
    const lock = { name } as Lock;
    held.push(lock);
    try {
      return await act(lock);
    } finally {
      held.splice(held.indexOf(lock), 1);
    }
  };
  return { request: request as TabLocks['request'], query: () => Promise.resolve({ held: [...held], pending: [] }) };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('TabElection', () => {
  it('lets one of the hidden tabs tell, and the other only after it', async () => {
    const locks = someLocks();
    const [first, second] = [new TabElection(locks), new TabElection(locks)];
    expect(await Promise.all([first.canNotify(), second.canNotify()])).toEqual([true, false]);
    expect([await second.canNotify(), await first.canNotify()]).toEqual([false, true]);
    first.setVisible(true);
    first.setVisible(false);
    await settled();
    expect([await second.canNotify(), await first.canNotify()]).toEqual([true, false]);
  });

  it('lets nobody tell while one of them is looked at', async () => {
    const locks = someLocks();
    const [first, second] = [new TabElection(locks), new TabElection(locks)];
    expect(await first.canNotify()).toBe(true);
    second.setVisible(true);
    await settled();
    expect([await first.canNotify(), await second.canNotify()]).toEqual([false, false]);
    second.setVisible(false);
    await settled();
    expect(await first.canNotify()).toBe(true);
  });

  it('lets everybody tell where there are no locks, but for who is looked at', async () => {
    const turn = new TabElection(undefined);
    expect(await turn.canNotify()).toBe(true);
    turn.setVisible(true);
    expect(await turn.canNotify()).toBe(false);
  });

  it('lets everybody tell where locks are refused, by whatever way', async () => {
    const refuse = () => Promise.reject(new DOMException('', 'SecurityError'));
    const throwing = () => {
      throw new DOMException('', 'SecurityError');
    };
    const free = () => Promise.resolve({ held: [], pending: [] });
    for (const request of [refuse, throwing])
      for (const query of [refuse, throwing, free]) {
        const turn = new TabElection({ request, query });
        expect(await turn.canNotify()).toBe(true);
        turn.setVisible(true);
        turn.setVisible(false);
        expect(await turn.canNotify()).toBe(true);
      }
  });
});
