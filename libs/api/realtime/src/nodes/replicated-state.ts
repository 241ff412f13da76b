import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { eventLog, isolate, limits } from '@cloudhop/api/platform';
import * as z from 'zod';
import { NodeBus } from '../bus';
import { NodeDirectory } from './node-directory';
import { OwnState, PeerStates, type StateChange, type StateEntry } from './replica';

const channel = 'state';

const log = eventLog('replicated_state');

/** Longest key: two ids and the name of a section. */
const keyMaxLength = 200;

const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ask'), of: z.array(z.string().max(keyMaxLength)) }),
  z.object({
    kind: z.literal('state'),
    node: z.string().max(keyMaxLength),
    n: z.int().min(1),
    entries: z.array(z.tuple([z.string().max(keyMaxLength), z.unknown()])),
    isFirst: z.literal(true).optional(),
    isLast: z.literal(true).optional(),
  }),
]);

/** An entry of a section that changed on another node. */
export interface SectionChange<V extends object> {
  key: string;
  value: V | undefined;
  before: V | undefined;
}

/** Entries of one kind, of which each node owns those of its own users. */
export interface StateSection<V extends object> {
  /** Sets an entry of this node; undefined removes it. */
  set(key: string, value: V | undefined): void;
  /** Returns the values that the other nodes have for a key. */
  others(key: string): V[];
}

/** Handles the changes of one message of a node, or the removal of all its entries when it is gone. */
export type SectionListener<V extends object> = (
  node: string,
  changes: readonly SectionChange<V>[],
  gone?: { isOrderly: boolean },
) => void;

interface Section {
  schema: z.ZodType<object>;
  listener: SectionListener<object>;
}

/**
 * State that each node publishes of its own users, with a copy on every other node. Changes are numbered and published
 * together every limits.statePublishMs; heartbeats carry the number, so that a node which has missed a message asks for
 * the full state. A node's copy is dropped when the node is gone. Nothing is published without a change.
 */
@Injectable()
export class ReplicatedState implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #own: OwnState;
  readonly #peers = new PeerStates(() => limits.stateEntries);
  readonly #sections = new Map<string, Section>();
  readonly #isSingle: boolean;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;
  #isStopped = false;

  constructor(
    private readonly bus: NodeBus,
    private readonly nodes: NodeDirectory,
  ) {
    this.#own = new OwnState(nodes.self.id);
    this.#isSingle = bus.state === 'single';
    nodes.reportCount(() => this.#own.count);
    nodes.onHeartbeat((node, count) => {
      if (Number.isSafeInteger(count)) this.#peers.noticeCount(node, count);
      this.#arrange();
    });
    nodes.onGone((node, isOrderly) => this.#dispatch(node, this.#peers.remove(node), { isOrderly }));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.#isSingle) return;
    this.#unsubscribe = await this.bus.subscribeEphemeral(channel, (message) => this.#receive(message));
  }

  onApplicationShutdown(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
  }

  /**
   * Adds a section. Entries of other nodes that don't match `schema` are dropped. A full state has the sections in the
   * order of their names.
   */
  section<V extends object>(name: string, schema: z.ZodType<V>, listener: SectionListener<V>): StateSection<V> {
    this.#sections.set(name, { schema, listener: listener as Section['listener'] });
    return {
      set: (key, value) => {
        if (this.#isSingle) return;
        this.#own.set(`${name}/${key}`, value);
        this.#arrange();
      },
      others: (key) => this.#peers.valuesOf(`${name}/${key}`) as V[],
    };
  }

  /** Publishes what waits now, instead of at the end of the interval. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#tick();
  }

  #receive(received: object): void {
    const parsed = Message.safeParse(received);
    if (!parsed.success) return log.warn('replicated_state.malformed', { size: JSON.stringify(received).length });
    const message = parsed.data;
    if (message.kind === 'ask') {
      if (message.of.includes(this.nodes.self.id)) this.#own.askFull();
      return this.#arrange();
    }
    // A node that nobody knows would never be gone. Its next heartbeat shows that its state is missing.
    if (!this.nodes.knows(message.node)) return;
    const entries = message.entries.flatMap(([key, value]): StateEntry[] => {
      if (value === null) return [[key, null]];
      const entry = this.#sections.get(sectionOf(key))?.schema.safeParse(value);
      return entry?.success ? [[key, entry.data]] : [];
    });
    if (entries.length < message.entries.length)
      log.warn('replicated_state.malformed', { entries: message.entries.length - entries.length });
    this.#dispatch(message.node, this.#peers.accept({ ...message, entries }, performance.now()));
    this.#arrange();
  }

  #dispatch(node: string, changes: readonly StateChange[], gone?: { isOrderly: boolean }): void {
    const bySection = Map.groupBy(changes, ({ key }) => sectionOf(key));
    for (const [name, ofSection] of bySection) {
      const unprefixed = ofSection.map((change) => ({ ...change, key: change.key.slice(name.length + 1) }));
      isolate(log, 'replicated_state.listener_failed', () =>
        this.#sections.get(name)?.listener(node, unprefixed, gone),
      );
    }
  }

  /** Schedules one timer for all entries, only while something waits. */
  #arrange(): void {
    if (this.#timer !== undefined || this.#isStopped || !(this.#own.isWaiting || this.#peers.isBehind)) return;
    this.#timer = setTimeout(() => this.#tick(), limits.statePublishMs);
  }

  #tick(): void {
    this.#timer = undefined;
    isolate(log, 'replicated_state.tick_failed', () => {
      for (let messages = 0; messages < limits.stateMessages; messages++) {
        const message = this.#own.next(limits.stateMessageBytes);
        if (message === undefined) break;
        this.bus.publishEphemeral(channel, message);
      }
      const of = this.#peers.toAsk(performance.now(), limits.stateAskMs);
      if (of.length > 0) this.bus.publishEphemeral(channel, { kind: 'ask', of });
    });
    this.#arrange();
  }
}

const sectionOf = (key: string): string => key.slice(0, key.indexOf('/'));
