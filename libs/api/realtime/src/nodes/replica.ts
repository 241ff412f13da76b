/** Key of an entry, with its section: `places/…`. */
export type StateKey = string;
/** Entry of a node's state; null removes it. */
export type StateEntry = readonly [key: StateKey, value: object | null];

/** Message of a node about its state. `n` counts the messages of the node. */
export interface StateMessage {
  kind: 'state';
  node: string;
  n: number;
  entries: readonly StateEntry[];
  /** Begins a full state, which may span several messages. */
  isFirst?: true | undefined;
  /** Ends a full state. */
  isLast?: true | undefined;
}

/** A changed entry of another node, with the value before. */
export interface StateChange {
  key: StateKey;
  value: object | undefined;
  before: object | undefined;
}

/**
 * State of this node: publishes changes, and the full state when another node asks for it. Both share one sequence of
 * numbers, so that a full state which is interleaved with changes needs no copy. Pure.
 */
export class OwnState {
  readonly #entries = new Map<StateKey, object>();
  /** Changed keys that were not published. */
  readonly #changed = new Set<StateKey>();
  /** Keys of the full state that are still to be published. */
  #full: StateKey[] | undefined;
  #isFullBegun = false;
  #isFullAsked = false;
  #count = 0;

  constructor(private readonly node: string) {}

  /** Number of the last message. */
  get count(): number {
    return this.#count;
  }

  get isWaiting(): boolean {
    return this.#changed.size > 0 || this.#isFullAsked || this.#full !== undefined;
  }

  /** Sets an entry; undefined removes it. */
  set(key: StateKey, value: object | undefined): void {
    if (value === undefined) {
      if (!this.#entries.delete(key)) return;
    } else this.#entries.set(key, value);
    this.#changed.add(key);
  }

  /** Publishes the full state. A node that asks while one is published gets another one from its beginning. */
  askFull(): void {
    this.#isFullAsked = true;
  }

  /** Returns the next message: changes first, then the full state. Undefined if there is nothing to publish. */
  next(maxBytes: number): StateMessage | undefined {
    if (this.#changed.size > 0) {
      const entries = this.#take(this.#changed, maxBytes);
      for (const [key] of entries) this.#changed.delete(key);
      return { kind: 'state', node: this.node, n: ++this.#count, entries };
    }
    if (this.#full === undefined) {
      if (!this.#isFullAsked) return undefined;
      this.#isFullAsked = false;
      this.#isFullBegun = false;
      // Receivers get the sections in the order of their names, and need blocks before places.
      this.#full = [...this.#entries.keys()].sort().reverse();
    }
    const entries = this.#take(reversed(this.#full), maxBytes);
    this.#full.length -= entries.length;
    const isFirst = !this.#isFullBegun;
    const isLast = this.#full.length === 0;
    this.#isFullBegun = true;
    if (isLast) this.#full = undefined;
    return {
      kind: 'state',
      node: this.node,
      n: ++this.#count,
      entries,
      ...(isFirst && { isFirst }),
      ...(isLast && { isLast }),
    };
  }

  /** Returns the current values of the first keys: at least one, and no more bytes than that. */
  #take(keys: Iterable<StateKey>, maxBytes: number): StateEntry[] {
    const entries: StateEntry[] = [];
    let bytes = 0;
    for (const key of keys) {
      const entry = [key, this.#entries.get(key) ?? null] as const;
      bytes += Buffer.byteLength(JSON.stringify(entry));
      if (entries.length > 0 && bytes > maxBytes) break;
      entries.push(entry);
    }
    return entries;
  }
}

function* reversed<T>(items: readonly T[]): Generator<T> {
  for (let at = items.length - 1; at >= 0; at--) yield items[at]!;
}

interface Peer {
  /** Number of the latest message. */
  n: number;
  /** Values, each with the number of the message that set it. */
  entries: Map<StateKey, { value: object; n: number }>;
  /** A message was missed since the last full state. */
  isBehind: boolean;
  /** Number of the message that began the full state which arrives. */
  fullFrom: number | undefined;
  /** Number of the latest message by the node's own account. */
  published: number;
  askedAt: number;
}

/** Copies of the states of the other nodes. Pure: times are parameters. */
export class PeerStates {
  readonly #peers = new Map<string, Peer>();

  /** Creates the copies; `maxEntries` bounds each of them. */
  constructor(private readonly maxEntries: () => number) {}

  /** Applies a message. Returns the changed entries in its order, then those that a full state no longer has. */
  accept({ node, n, entries, isFirst, isLast }: StateMessage, now: number): StateChange[] {
    const peer = this.#peer(node);
    // Duplicated or late. A late message was noticed as missing by the one after it.
    if (n <= peer.n) return [];
    if (n !== peer.n + 1) {
      peer.isBehind = true;
      peer.fullFrom = undefined;
    }
    peer.n = n;
    const changes: StateChange[] = [];
    for (const [key, value] of entries) {
      const before = peer.entries.get(key)?.value;
      if (value === null) peer.entries.delete(key);
      else if (before !== undefined || peer.entries.size < this.maxEntries()) peer.entries.set(key, { value, n });
      else continue;
      if (before !== undefined || value !== null) changes.push({ key, value: value ?? undefined, before });
    }
    if (isFirst) peer.fullFrom = n;
    if (peer.fullFrom === undefined) return changes;
    peer.askedAt = now;
    if (!isLast) return changes;
    for (const [key, entry] of peer.entries) {
      if (entry.n >= peer.fullFrom) continue;
      peer.entries.delete(key);
      changes.push({ key, value: undefined, before: entry.value });
    }
    peer.fullFrom = undefined;
    peer.isBehind = false;
    return changes;
  }

  /** Takes the number of the latest message that a node has published. */
  noticeCount(node: string, count: number): void {
    const peer = this.#peer(node);
    peer.published = Math.max(peer.published, count);
  }

  /** True if a message of a node is missing. */
  get isBehind(): boolean {
    return [...this.#peers.values()].some(isBehind);
  }

  /** Returns the nodes to ask for their full state, each at most once in `askMs` while its answer does not arrive. */
  toAsk(now: number, askMs: number): string[] {
    const nodes: string[] = [];
    for (const [node, peer] of this.#peers) {
      if (!isBehind(peer) || now - peer.askedAt < askMs) continue;
      peer.askedAt = now;
      nodes.push(node);
    }
    return nodes;
  }

  /** Removes a node. Returns its entries as removed. */
  remove(node: string): StateChange[] {
    const entries = this.#peers.get(node)?.entries ?? [];
    this.#peers.delete(node);
    return [...entries].map(([key, { value }]) => ({ key, value: undefined, before: value }));
  }

  /** Returns the values of a key on all other nodes. */
  valuesOf(key: StateKey): object[] {
    return [...this.#peers.values()].flatMap(({ entries }) => entries.get(key)?.value ?? []);
  }

  #peer(node: string): Peer {
    let peer = this.#peers.get(node);
    if (peer === undefined) {
      peer = { n: 0, entries: new Map(), isBehind: false, fullFrom: undefined, published: 0, askedAt: -Infinity };
      this.#peers.set(node, peer);
    }
    return peer;
  }
}

function isBehind({ isBehind, n, published }: Peer): boolean {
  return isBehind || n < published;
}
