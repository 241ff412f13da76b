import { eventLog, isolate } from '@cloudhop/api/platform';
import type { FeedFrame, FeedKey } from './feed';

const log = eventLog('fabric');

/** A frame with the timeline of the database that it belongs to. */
export type PublishedFrame = FeedFrame & { readonly epoch: string };
export type FrameListener = (frame: PublishedFrame) => void;
/** What is said once and kept nowhere: who types, who is here. JSON. */
export type WhisperListener = (message: object) => void;

/**
 * Carries frames to the other nodes: hints only. A frame may be lost, late, doubled or out of order, and nothing but a
 * delay of at most a head check may come of it.
 */
export abstract class Fabric {
  /** Never throws and never waits; a frame that can't leave is dropped. */
  abstract publish(frame: PublishedFrame): void;
  /** Resolves once frames of `feed` published elsewhere arrive. The answer unsubscribes. */
  abstract subscribe(feed: FeedKey, listener: FrameListener): Promise<() => void>;
  /** Says something to the other nodes that hear this channel. As a frame: never throws, may be lost. */
  abstract whisper(channel: string, message: object): void;
  /** Resolves once whispers from elsewhere arrive. The answer ends it. */
  abstract hear(channel: string, listener: WhisperListener): Promise<() => void>;
}

/** What the fabrics of several nodes in one process share. */
export class MemoryBus {
  readonly fabrics = new Set<MemoryFabric>();
}

/** The fabric of a single process; several nodes in one process (tests) share a bus. */
export class MemoryFabric extends Fabric {
  readonly #listeners = new Map<FeedKey, Set<FrameListener>>();
  readonly #hearers = new Map<string, Set<WhisperListener>>();
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
    return added(this.#listeners, feed, listener);
  }

  override whisper(channel: string, message: object): void {
    for (const fabric of this.#bus.fabrics)
      if (fabric !== this)
        setImmediate(() => {
          for (const listener of fabric.#hearers.get(channel) ?? [])
            isolate(log, 'fabric.hearer_failed', () => listener(structuredClone(message)));
        });
  }

  override async hear(channel: string, listener: WhisperListener): Promise<() => void> {
    return added(this.#hearers, channel, listener);
  }

  #deliver(frame: PublishedFrame): void {
    for (const listener of this.#listeners.get(frame.feed) ?? [])
      isolate(log, 'fabric.listener_failed', () => listener(frame));
  }
}

/** Adds a listener to those of a key; the answer takes it away. */
function added<K, L>(listeners: Map<K, Set<L>>, key: K, listener: L): () => void {
  const of = listeners.get(key) ?? new Set();
  listeners.set(key, of.add(listener));
  return () => {
    of.delete(listener);
    if (of.size === 0 && listeners.get(key) === of) listeners.delete(key);
  };
}
