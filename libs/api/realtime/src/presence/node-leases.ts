import type { User } from '@cloudhop/contracts';

/** Presence of a user on one node. */
export interface Stance {
  status: 'online' | 'idle';
  showsLastSeen: boolean;
}

/** Message between nodes about presence. */
export type NodeMessage =
  /** Request to all nodes to publish their full state: a node is new, or has missed a message. */
  | { kind: 'asking' }
  /** Changes on a node, its full state, or neither: a heartbeat. `n` counts the messages with changes. */
  | { kind: 'lease'; node: string; n: number; isAll: boolean; people: readonly [userId: string, Stance | null][] }
  | { kind: 'user'; user: User };

type Lease = Extract<NodeMessage, { kind: 'lease' }>;

interface Node {
  lastReceivedAt: number;
  n: number;
  people: Map<string, Stance>;
}

/** Presence on the other nodes, while their leases last. Pure: times are parameters. */
export class NodeLeases {
  readonly #nodes = new Map<string, Node>();

  /** Accepts a message of a node. Returns the ids of changed users, and whether a message of that node was missed. */
  accept({ node: id, n, isAll, people }: Lease, now: number): { changed: string[]; isBehind: boolean } {
    const known = this.#nodes.get(id);
    const node = known ?? { lastReceivedAt: now, n: 0, people: new Map<string, Stance>() };
    this.#nodes.set(id, node);
    node.lastReceivedAt = now;
    const changed = people.map(([userId]) => userId);
    if (isAll) {
      changed.push(...node.people.keys());
      node.people = new Map(people.flatMap(([userId, stance]) => (stance ? [[userId, stance]] : [])));
      node.n = n;
      return { changed, isBehind: false };
    }
    const isNext = n === node.n || (n === node.n + 1 && people.length > 0);
    for (const [userId, stance] of people) {
      if (stance) node.people.set(userId, stance);
      else node.people.delete(userId);
    }
    if (isNext) node.n = n;
    return { changed, isBehind: !isNext };
  }

  /** Removes nodes whose lease has expired. Returns the ids of their users. */
  expire(now: number, leaseMs: number): string[] {
    const userIds: string[] = [];
    for (const [id, { lastReceivedAt, people }] of this.#nodes) {
      if (now - lastReceivedAt <= leaseMs) continue;
      userIds.push(...people.keys());
      this.#nodes.delete(id);
    }
    return userIds;
  }

  /** Returns the user's presence on each of the other nodes. */
  of(userId: string): Stance[] {
    return [...this.#nodes.values()].flatMap(({ people }) => people.get(userId) ?? []);
  }
}

/**
 * Merges presence: online if any device is online, else idle. If nodes differ about last seen, the more private setting
 * applies.
 */
export function mergedStatus(stances: readonly (Stance | undefined)[]): Stance | undefined {
  const here = stances.filter((stance) => stance !== undefined);
  if (here.length === 0) return undefined;
  const isOnline = here.some(({ status }) => status === 'online');
  return { status: isOnline ? 'online' : 'idle', showsLastSeen: here.every(({ showsLastSeen }) => showsLastSeen) };
}
