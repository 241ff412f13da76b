import { eventLog, isolate, type RedisProblem } from '@cloudhop/api/platform';
import type { FeedFrame, FeedKey } from '../feeds/feed';

const log = eventLog('node_bus');

/** A frame with the timeline of the database that it belongs to. */
export type PublishedFrame = FeedFrame & { readonly epoch: string };
export type FrameListener = (frame: PublishedFrame) => void;
/** Handles an ephemeral message: JSON that is not stored, such as typing and presence. */
export type EphemeralListener = (message: object) => void;

/**
 * State of the bus. `single`: this node is configured to be alone. `interrupted`: other nodes can't be reached, and what
 * is published is lost.
 */
export type BusState = 'single' | 'connected' | 'interrupted';

/**
 * Bus between nodes. Carries hints only: a frame may be lost, late, duplicated or out of order. That costs a delay of
 * at most one comparison of the heads.
 */
export abstract class NodeBus {
  abstract readonly state: BusState;
  /** Connects, in the background. */
  start(): void {}
  /** Disconnects. */
  stop(): void {}
  /** Reason why Redis can't be used; undefined if it can, or if there is none. */
  get problem(): RedisProblem | undefined {
    return undefined;
  }
  /** Calls `listener` with each new state. */
  abstract onStateChange(listener: (state: BusState) => void): void;
  /** Calls `listener` once the bus works again after messages may have been lost, in either direction. */
  abstract onGap(listener: () => void): void;
  /** Publishes a frame. Never throws and never waits; a frame that can't leave is dropped. */
  abstract publish(frame: PublishedFrame): void;
  /** Resolves once frames of `feed` that other nodes publish arrive. Returns the function that unsubscribes. */
  abstract subscribe(feed: FeedKey, listener: FrameListener): Promise<() => void>;
  /** Publishes a message to the other nodes that subscribed to the channel. Never throws; it may be lost. */
  abstract publishEphemeral(channel: string, message: object): void;
  /** Resolves once ephemeral messages of other nodes arrive. Returns the function that unsubscribes. */
  abstract subscribeEphemeral(channel: string, listener: EphemeralListener): Promise<() => void>;
}

/** Connects the buses of several nodes in one process, for tests. */
export class MemoryNetwork {
  readonly buses = new Set<MemoryNodeBus>();
  #isInterrupted = false;

  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** Loses all messages until `heal`, as when Redis is away. */
  interrupt(): void {
    this.#isInterrupted = true;
    for (const bus of this.buses) bus.stateChanged();
  }

  heal(): void {
    this.#isInterrupted = false;
    for (const bus of this.buses) bus.stateChanged();
  }
}

/** Bus of a single process. Alone on its network it carries nothing. */
export class MemoryNodeBus extends NodeBus {
  readonly #listeners = new Map<FeedKey, Set<FrameListener>>();
  readonly #ephemeralListeners = new Map<string, Set<EphemeralListener>>();
  readonly #stateListeners: ((state: BusState) => void)[] = [];
  readonly #gapListeners: (() => void)[] = [];
  readonly #network: MemoryNetwork | undefined;

  constructor(network?: MemoryNetwork) {
    super();
    this.#network = network;
    network?.buses.add(this);
  }

  override get state(): BusState {
    if (this.#network === undefined) return 'single';
    return this.#network.isInterrupted ? 'interrupted' : 'connected';
  }

  override onStateChange(listener: (state: BusState) => void): void {
    this.#stateListeners.push(listener);
  }

  override onGap(listener: () => void): void {
    this.#gapListeners.push(listener);
  }

  stateChanged(): void {
    for (const listener of this.#stateListeners) isolate(log, 'node_bus.listener_failed', () => listener(this.state));
    if (this.state !== 'connected') return;
    for (const listener of this.#gapListeners) isolate(log, 'node_bus.listener_failed', listener);
  }

  override publish(frame: PublishedFrame): void {
    for (const bus of this.#others()) setImmediate(() => bus.#deliver(frame));
  }

  override async subscribe(feed: FeedKey, listener: FrameListener): Promise<() => void> {
    return added(this.#listeners, feed, listener);
  }

  override publishEphemeral(channel: string, message: object): void {
    for (const bus of this.#others())
      setImmediate(() => {
        for (const listener of bus.#ephemeralListeners.get(channel) ?? [])
          isolate(log, 'node_bus.listener_failed', () => listener(structuredClone(message)));
      });
  }

  override async subscribeEphemeral(channel: string, listener: EphemeralListener): Promise<() => void> {
    return added(this.#ephemeralListeners, channel, listener);
  }

  #others(): MemoryNodeBus[] {
    const buses = this.#network?.buses;
    if (this.#network?.isInterrupted === true || buses?.has(this) !== true) return [];
    return [...buses].filter((bus) => bus !== this);
  }

  #deliver(frame: PublishedFrame): void {
    for (const listener of this.#listeners.get(frame.feed) ?? [])
      isolate(log, 'node_bus.listener_failed', () => listener(frame));
  }
}

/** Adds a listener to those of a key. Returns the function that removes it. */
export function added<K, L>(listeners: Map<K, Set<L>>, key: K, listener: L): () => void {
  const ofKey = listeners.get(key) ?? new Set();
  listeners.set(key, ofKey.add(listener));
  return () => {
    ofKey.delete(listener);
    if (ofKey.size === 0 && listeners.get(key) === ofKey) listeners.delete(key);
  };
}
