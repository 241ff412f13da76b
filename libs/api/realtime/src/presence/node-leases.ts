import type { User } from '@cloudhop/contracts';

/** How somebody is on one node. */
export interface Stance {
  status: 'online' | 'idle';
  showsLastSeen: boolean;
}

/** What nodes say to each other about who is here. */
export type NodeMessage =
  /** Everybody says everything: a node is new, or has missed something. */
  | { kind: 'asking' }
  /** What changed on a node, or all of it, or nothing: a beat. `n` counts the changes that were said. */
  | { kind: 'lease'; node: string; n: number; isAll: boolean; people: readonly [userId: string, Stance | null][] }
  | { kind: 'user'; user: User };

type Lease = Extract<NodeMessage, { kind: 'lease' }>;

interface Node {
  heardAt: number;
  n: number;
  people: Map<string, Stance>;
}

/** Who is here on the other nodes, for as long as each is heard. Pure: times come in. */
export class NodeLeases {
  readonly #nodes = new Map<string, Node>();

  /** Answers of whom something changed, and whether words of this node were missed. */
  accept({ node: id, n, isAll, people }: Lease, now: number): { changed: string[]; isBehind: boolean } {
    const known = this.#nodes.get(id);
    const node = known ?? { heardAt: now, n: 0, people: new Map<string, Stance>() };
    this.#nodes.set(id, node);
    node.heardAt = now;
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

  /** Forgets nodes that were not heard for so long. Answers whom they held. */
  expire(now: number, leaseMs: number): string[] {
    const gone: string[] = [];
    for (const [id, { heardAt, people }] of this.#nodes) {
      if (now - heardAt <= leaseMs) continue;
      gone.push(...people.keys());
      this.#nodes.delete(id);
    }
    return gone;
  }

  /** How the user is on each of the other nodes. */
  of(userId: string): Stance[] {
    return [...this.#nodes.values()].flatMap(({ people }) => people.get(userId) ?? []);
  }
}

/** Somebody is online where any device is, and idle where all that may be seen are. Where nodes differ, the more private word holds. */
export function mergedStatus(stances: readonly (Stance | undefined)[]): Stance | undefined {
  const here = stances.filter((stance) => stance !== undefined);
  if (here.length === 0) return undefined;
  const isOnline = here.some(({ status }) => status === 'online');
  return { status: isOnline ? 'online' : 'idle', showsLastSeen: here.every(({ showsLastSeen }) => showsLastSeen) };
}
