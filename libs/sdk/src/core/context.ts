import { limits, type ErrorBody, type RequestInput, type RequestName } from '@cloudhop/contracts';
import type { Notice } from '../view';
import type { Effect, RequestEffect } from './events';
import type { ConnectionState, Feed, Lane, Pending, SessionState, Slice, State } from './state';

/** Step in progress: the state and the effects so far, the time and the random number of its event. */
export class Context {
  readonly effects: Effect[] = [];

  constructor(
    public state: State,
    readonly now: number,
    readonly random: number,
  ) {}

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  /** Changes fields of one slice. */
  setSlice<S extends Slice>(slice: S, change: Partial<State[S]>): void {
    this.state = { ...this.state, [slice]: { ...this.state[slice], ...change } };
  }

  setConnection(change: Partial<ConnectionState>): void {
    this.set({ connection: { ...this.state.connection, ...change } });
  }

  setSession(change: Partial<SessionState>): void {
    this.set({ session: { ...this.state.session, ...change } });
  }

  setFeed(conversationId: string, feed: Feed): void {
    if (this.state.feeds.get(conversationId) === feed) return;
    this.set({ feeds: withKey(this.state.feeds, conversationId, feed) });
  }

  lane(conversationId: string): Lane {
    return this.state.outbox.lanes.get(conversationId) ?? { claim: 'none', claimId: 0, retryAt: 0, failures: 0 };
  }

  setLane(conversationId: string, change: Partial<Lane>): void {
    const lane = { ...this.lane(conversationId), ...change };
    this.setSlice('outbox', { lanes: withKey(this.state.outbox.lanes, conversationId, lane) });
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  notice(kind: Notice['kind'], error?: ErrorBody): void {
    this.emit({ type: 'notice', notice: error ? { kind, error } : { kind } });
  }

  /** Sends a request on the current socket and remembers what its answer is for. Returns its number. */
  request<N extends RequestName>(name: N, payload: RequestInput<N>, pending: Pending): number {
    const requestId = this.state.requests.last + 1;
    const { tokens, at } = this.budget();
    this.setSlice('requests', {
      last: requestId,
      pending: withKey(this.state.requests.pending, requestId, pending),
      budget: { tokens: tokens - 1, at },
    });
    // TypeScript can't relate the generic parts to the union of requests.
    this.emit({ type: 'request', socket: this.state.connection.socket, requestId, name, payload } as RequestEffect);
    return requestId;
  }

  /** Requests that may leave at `now`: refilled at half the server's limit, so that bursts and clocks leave room. */
  budget(): State['requests']['budget'] {
    const { tokens, at } = this.state.requests.budget;
    const gained = (Math.max(0, this.now - at) * requestsPerSecond()) / 1000;
    return { tokens: Math.min(burst, tokens + gained), at: this.now };
  }

  get hasBudget(): boolean {
    return this.budget().tokens >= 1;
  }

  /**
   * True if a read, or a request about the connection, may be sent: there is budget, and less than half of
   * limits.requestsInFlight is in flight. Group-committed writes neither count nor wait.
   */
  get canAsk(): boolean {
    if (!this.hasBudget) return false;
    let inFlight = 0;
    for (const { kind } of this.state.requests.pending.values()) if (!sharedWrites.has(kind)) inFlight++;
    return inFlight < limits.requestsInFlight / 2;
  }

  /** Plans a step at `at`, unless an earlier one is planned. */
  wakeBy(at: number | undefined): void {
    if (at === undefined) return;
    const { wakeAt } = this.state;
    if (wakeAt === undefined || at < wakeAt) this.set({ wakeAt: at });
  }

  /**
   * Plans a step for the time when there is budget again. If only `canAsk` is false, the next answer steps the core
   * anyway.
   */
  wakeForBudget(): void {
    if (!this.hasBudget) this.wakeBy(this.now + Math.ceil(1000 / requestsPerSecond()));
  }
}

const burst = 20;
const sharedWrites: ReadonlySet<Pending['kind']> = new Set<Pending['kind']>(['entry', 'read', 'draft']);
const requestsPerSecond = () => limits.requestsPerSecond / 2;

export function withKey<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  const next = new Map(map);
  next.set(key, value);
  return next;
}

export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}

export function withItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return set.has(item) ? set : new Set(set).add(item);
}

export function withoutItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  if (!set.has(item)) return set;
  const next = new Set(set);
  next.delete(item);
  return next;
}

/**
 * Returns an exponential backoff with full jitter: up to a ceiling that doubles, or later if the server asks for it.
 */
export function backoffMs(failures: number, random: number, error?: ErrorBody): number {
  const ceiling = Math.min(limits.reconnectMaxMs, limits.reconnectMinMs * 2 ** Math.min(failures, 16));
  const asked = error?.retryAfterMs;
  // The server's delay is a minimum. Jitter keeps clients from coming back at once.
  return asked === undefined ? random * ceiling : asked + random * limits.reconnectMinMs;
}
