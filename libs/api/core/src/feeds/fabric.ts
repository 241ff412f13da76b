import type { FeedFrame, FeedKey } from './feed';

/** A frame with the timeline of the database that it belongs to. */
export type PublishedFrame = FeedFrame & { readonly epoch: string };
export type FrameListener = (frame: PublishedFrame) => void;

/**
 * Carries frames to the other nodes: hints only. A frame may be lost, late, doubled or out of order, and nothing but a
 * delay of at most a head check may come of it.
 */
export abstract class Fabric {
  /** Never throws and never waits; a frame that can't leave is dropped. */
  abstract publish(frame: PublishedFrame): void;
  /** Resolves once frames of `feed` published elsewhere arrive. The answer unsubscribes. */
  abstract subscribe(feed: FeedKey, listener: FrameListener): Promise<() => void>;
}

/** What the fabrics of several nodes in one process share. */
export class MemoryBus {
  readonly fabrics = new Set<MemoryFabric>();
}

/** The fabric of a single process; several nodes in one process (tests) share a bus. */
export class MemoryFabric extends Fabric {
  readonly #listeners = new Map<FeedKey, Set<FrameListener>>();
  readonly #bus: MemoryBus;

  constructor(bus = new MemoryBus()) {
    super();
    this.#bus = bus;
    bus.fabrics.add(this);
  }

  override publish(frame: PublishedFrame): void {
    for (const fabric of this.#bus.fabrics) if (fabric !== this) setImmediate(() => fabric.#deliver(frame));
  }

  override async subscribe(feed: FeedKey, listener: FrameListener): Promise<() => void> {
    const listeners = this.#listeners.get(feed) ?? new Set();
    this.#listeners.set(feed, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(feed);
    };
  }

  #deliver(frame: PublishedFrame): void {
    for (const listener of this.#listeners.get(frame.feed) ?? []) listener(frame);
  }
}
