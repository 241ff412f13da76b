import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Draining, eventLog, isolate, limits } from '@cloudhop/api/platform';
import { NodeBus } from '../bus';

const channel = 'nodes';

const log = eventLog('nodes');

/** A node as the others know it. */
export interface NodeFacts {
  /** Names one run of the process. */
  id: string;
  /** Host and process id, for people. */
  name: string;
  startedAt: string;
  /** Messages stored by this node within the last minute. */
  messagesPerMinute: number;
}

/** Message between nodes about themselves. */
type NodeMessage =
  /**
   * Heartbeat. `isAsking`: the sender is new, or has missed messages, and asks the others for one. `count`: messages about
   * its state that it has published.
   */
  { kind: 'here'; node: NodeFacts; isAsking: boolean; count: number } | { kind: 'gone'; id: string };

/**
 * Nodes that act as one server: each publishes a heartbeat. The lease of a silent node expires after
 * limits.nodeLeaseMs; a node that stops in order says so.
 */
@Injectable()
export class NodeDirectory implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #id = randomUUID();
  readonly #startedAt = new Date().toISOString();
  readonly #others = new Map<string, { facts: NodeFacts; receivedAt: number }>();
  readonly #goneListeners: ((id: string, isOrderly: boolean) => void)[] = [];
  readonly #heartbeatListeners: ((id: string, count: number) => void)[] = [];
  #countMessages: () => number = () => 0;
  #count: () => number = () => 0;
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly bus: NodeBus,
    draining: Draining,
  ) {
    // Last of all: the other nodes keep this node's users until their sockets have closed.
    draining.onDrain(() => this.#leave());
  }

  /** Facts of this node. */
  get self(): NodeFacts {
    return {
      id: this.#id,
      name: `${hostname()}:${process.pid}`,
      startedAt: this.#startedAt,
      messagesPerMinute: this.#countMessages(),
    };
  }

  /** Returns this node and the others whose lease holds, by the time of their start. */
  get nodes(): readonly NodeFacts[] {
    const all = [this.self, ...[...this.#others.values()].map(({ facts }) => facts)];
    return all.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  }

  /** Sets the source of messagesPerMinute. */
  countMessages(count: () => number): void {
    this.#countMessages = count;
  }

  /** Sets the source of the count that heartbeats carry: messages about this node's state that were published. */
  reportCount(count: () => number): void {
    this.#count = count;
  }

  /** Calls `listener` with the id of each other node that was heard, and with its count. */
  onHeartbeat(listener: (id: string, count: number) => void): void {
    this.#heartbeatListeners.push(listener);
  }

  /** Returns true for another node whose lease holds. */
  knows(id: string): boolean {
    return this.#others.has(id);
  }

  /** Calls `listener` with the id of a node that stopped in order, or whose lease has expired. */
  onGone(listener: (id: string, isOrderly: boolean) => void): void {
    this.#goneListeners.push(listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#unsubscribe = await this.bus.subscribeEphemeral(channel, (message) => this.#receive(message as NodeMessage));
    this.bus.onGap(() => this.#publish(true));
    this.#publish(true);
    this.#timer = setInterval(
      () => isolate(log, 'nodes.beat_failed', () => this.#beat(performance.now())),
      limits.nodeBeatMs,
    );
  }

  onApplicationShutdown(): void {
    this.#leave();
  }

  #receive(message: NodeMessage): void {
    if (message.kind === 'gone') return this.#forget(message.id, true);
    this.#others.set(message.node.id, { facts: message.node, receivedAt: performance.now() });
    if (message.isAsking) this.#publish(false);
    for (const listener of this.#heartbeatListeners)
      isolate(log, 'nodes.listener_failed', () => listener(message.node.id, message.count));
  }

  #beat(now: number): void {
    this.#publish(false);
    for (const [id, { receivedAt }] of this.#others) if (now - receivedAt > limits.nodeLeaseMs) this.#forget(id, false);
  }

  #forget(id: string, isOrderly: boolean): void {
    if (!this.#others.delete(id)) return;
    for (const listener of this.#goneListeners) isolate(log, 'nodes.listener_failed', () => listener(id, isOrderly));
  }

  #publish(isAsking: boolean): void {
    if (this.#isStopped) return;
    this.bus.publishEphemeral(channel, {
      kind: 'here',
      node: this.self,
      isAsking,
      count: this.#count(),
    } satisfies NodeMessage);
  }

  #leave(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    this.bus.publishEphemeral(channel, { kind: 'gone', id: this.#id } satisfies NodeMessage);
  }
}
