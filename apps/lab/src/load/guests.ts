import type { Session } from '@cloudhop/contracts';
import type { ServerUnderTest } from './server-under-test';

export interface Guest {
  userId: string;
  token: string;
}

/** Number of concurrent requests or handshakes: enough to keep a server busy, few enough not to overload it. */
const atOnce = 32;

/** Makes guests by the door that people use. */
export function makeGuests(server: ServerUnderTest, count: number): Promise<Guest[]> {
  return inTurn(count, async () => {
    const response = await fetch(`${server.url}/api/auth/guest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const { user, accessToken } = (await response.json()) as Session;
    return { userId: user.id, token: accessToken };
  });
}

/** Runs `make(0)` … `make(count - 1)`, some at once. */
export async function inTurn<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const n = next++;
      made[n] = await make(n);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  return made;
}
