import type { User } from '@cloudhop/contracts';

interface Page<T> {
  readonly items: readonly T[];
  readonly users: readonly User[];
  readonly nextCursor?: string | undefined;
}

/** Requests all pages of a short list and returns them as one. */
export async function fetchAllPages<T>(
  ask: (query: { query: { cursor?: string } }) => Promise<Page<T>>,
): Promise<{ items: T[]; users: User[] }> {
  const items: T[] = [];
  const users: User[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ query: cursor === undefined ? {} : { cursor } });
    items.push(...page.items);
    users.push(...page.users);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return { items, users };
}
