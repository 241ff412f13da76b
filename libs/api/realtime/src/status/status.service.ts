import { Degradations, Draining, limits, OverloadGuard, Readiness, version } from '@cloudhop/api/platform';
import type { ConnectionNode, ServerStatus } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { NodeBus } from '../bus';
import { type NodeFacts, NodeDirectory } from '../nodes';
import { PresenceDirectory } from '../presence';

/** Digits of a node's id that make its public name. */
const nameDigits = 4;

/** Status of the servers that act as one, as this node knows it. Holds nothing that strangers must not see. */
@Injectable()
export class StatusService {
  #latest?: { at: number; status: Promise<ServerStatus> };

  constructor(
    private readonly nodes: NodeDirectory,
    private readonly presence: PresenceDirectory,
    private readonly bus: NodeBus,
    private readonly degradations: Degradations,
    overload: OverloadGuard,
    readiness: Readiness,
    draining: Draining,
  ) {
    degradations.add(
      'bus_interrupted',
      () => bus.state === 'interrupted',
      () => bus.problem,
    );
    degradations.add('database_unavailable', async () => (await readiness.run())['database'] === false);
    degradations.add('draining', () => draining.isLeaving);
    degradations.add('overloaded', () => overload.level !== 'normal');
  }

  /** This node, by its public name. */
  get node(): ConnectionNode {
    return toPublic(this.nodes.self);
  }

  /** Returns the status, at most limits.statusKeptMs old. Waits for the database no longer than readiness does. */
  get(): Promise<ServerStatus> {
    const now = performance.now();
    if (this.#latest === undefined || now - this.#latest.at >= limits.statusKeptMs)
      this.#latest = { at: now, status: this.#read() };
    return this.#latest.status;
  }

  async #read(): Promise<ServerStatus> {
    const degraded = await this.degradations.current();
    const { id: self } = this.nodes.self;
    const nodes = this.nodes.nodes.map((node) => ({
      ...toPublic(node),
      messagesPerMinute: node.messagesPerMinute,
      ...(node.id === self && { isThis: true as const }),
    }));
    return {
      now: new Date().toISOString(),
      version,
      node: this.node,
      nodes,
      people: {
        online: this.presence.onlineCount,
        ...(this.bus.state === 'interrupted' && { isAtLeast: true as const }),
      },
      messagesPerMinute: nodes.reduce((sum, { messagesPerMinute }) => sum + messagesPerMinute, 0),
      degraded,
    };
  }
}

/** Returns what strangers may see of a node: not its host, and not its process id. */
function toPublic({ id, startedAt }: NodeFacts): ConnectionNode {
  return { name: id.slice(0, nameDigits), startedAt };
}
