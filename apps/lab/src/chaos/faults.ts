import { setTimeout as wait } from 'node:timers/promises';
import type { Line } from './line';
import { type Fault, type FaultKind, type LinkFault, describeFault, linkFaultOf } from './schedule';
import { type PastFault, Weather } from './weather';
import type { World } from './world';

/** Makes things go wrong, and right again. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  readonly weather = new Weather();
  /** Stalls of one line can overlap; it flows again after the last. */
  readonly #stalls = new Map<Line, number>();
  #rolling: Promise<void> | undefined;
  #isOver = false;

  constructor(
    private readonly world: World,
    private readonly tell: (line: string) => void,
  ) {}

  /** Resolves when the fault is over. */
  async happen(fault: Fault): Promise<void> {
    const past: PastFault = { kind: fault.kind, node: fault.node, from: Date.now(), to: Infinity };
    this.weather.add(past);
    try {
      const hasHappened = await this.#begin(fault);
      this.tell(`${describeFault(fault)}${hasHappened ? '' : ': it was down already'}`);
      if (!hasHappened) return;
      this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
      await wait(fault.durationMs);
      if (!this.#isOver) await this.#end(fault);
      if (fault.kind === 'rolling') await this.#rolling;
    } finally {
      past.to = Date.now();
    }
  }

  /** Nothing goes wrong any more: everything runs, everything connects. Resolves once the servers listen. */
  async heal(): Promise<void> {
    this.#isOver = true;
    const { disks, lines, links, nodes, redis } = this.world;
    for (const disk of Object.values(disks ?? {})) disk.free();
    for (const line of [...lines, ...links.flatMap((link) => [link.postgres, link.redis ?? []].flat())]) line.heal();
    for (const node of nodes) node.thaw();
    await Promise.all([redis?.heal(), this.#rolling, ...nodes.map((node) => node.start())]);
  }

  async #begin({ kind, node, devices, delayMs, durationMs }: Fault): Promise<boolean> {
    const { nodes, postgres, rude, disks, redis, intruder } = this.world;
    switch (kind) {
      case 'kill':
        return nodes[node]!.kill();
      case 'freeze':
        return nodes[node]!.freeze();
      case 'rolling':
        if (this.#rolling) return false;
        this.#rolling = this.#roll().finally(() => (this.#rolling = undefined));
        return true;
      case 'database':
        return postgres.crash();
      case 'dataDisk':
        disks?.dataDisk.fill();
        return disks !== undefined;
      case 'walDisk':
        disks?.walDisk.fill();
        void postgres.exhaustWal();
        return disks !== undefined;
      case 'redisKill':
        return redis?.kill() ?? false;
      case 'redisFlush':
        return redis?.flush() ?? false;
      case 'redisPause':
        return redis?.pause() ?? false;
      case 'redisFull':
        return redis?.fill() ?? false;
      case 'redisReplica':
        return redis?.demote() ?? false;
      case 'forge':
        void intruder?.intrude(durationMs);
        return intruder !== undefined;
      case 'flood':
        void rude.flood(durationMs).catch(() => undefined);
        return true;
      case 'move':
        for (const line of this.#lines(devices)) line.move();
        return true;
      default: {
        const fault = linkFaultOf(kind);
        if (fault) this.#harm(this.#links(kind, node), fault.fault, delayMs, true);
        else this.#harm(this.#lines(devices), kind as LinkFault | 'offline', delayMs, false);
        return true;
      }
    }
  }

  async #end({ kind, node, devices }: Fault): Promise<void> {
    const { nodes, disks, redis } = this.world;
    switch (kind) {
      case 'dataDisk':
      case 'walDisk':
        return disks?.[kind].free();
      case 'kill':
        return nodes[node]!.start();
      case 'freeze':
        return nodes[node]!.thaw();
      case 'redisKill':
        return redis?.start();
      case 'redisPause':
        return redis?.resume();
      case 'redisFull':
        return void (await redis?.empty());
      case 'redisReplica':
        return void (await redis?.promote());
      case 'rolling':
      case 'database':
      case 'redisFlush':
      case 'forge':
      case 'flood':
      case 'move':
        return;
      default: {
        const fault = linkFaultOf(kind);
        if (fault) return this.#mend(this.#links(kind, node), fault.fault);
        this.#mend(this.#lines(devices), kind as LinkFault | 'offline');
        if (kind === 'offline') for (const device of devices) this.world.devices[device]!.wake();
      }
    }
  }

  #harm(lines: readonly Line[], fault: LinkFault | 'offline', delayMs: number, staysCut: boolean): void {
    lines.forEach((line, i) => {
      switch (fault) {
        case 'cut':
          // Servers connect again at once, so that a link has to be refused for a while to be noticed.
          return staysCut ? line.setOffline(true) : line.cut();
        case 'offline':
          return line.setOffline(true);
        case 'stall':
          this.#stalls.set(line, (this.#stalls.get(line) ?? 0) + 1);
          return line.setStalled(true);
        case 'delay':
          return line.setDelay(delayMs);
        case 'halfOpen':
          return line.loseSide((i + delayMs) % 2 === 0 ? 'server' : 'client');
      }
    });
  }

  #mend(lines: readonly Line[], fault: LinkFault | 'offline'): void {
    for (const line of lines) {
      switch (fault) {
        case 'cut':
        case 'offline':
          line.setOffline(false);
          break;
        case 'stall':
          this.#stalls.set(line, this.#stalls.get(line)! - 1);
          if (this.#stalls.get(line) === 0) line.setStalled(false);
          break;
        case 'delay':
          line.setDelay(0);
          break;
        case 'halfOpen':
          line.endHalfOpen();
      }
    }
  }

  /** Restarts one server after the other, as a deployment does. */
  async #roll(): Promise<void> {
    for (const node of this.world.nodes) if (!this.#isOver) await node.restart();
  }

  #lines(devices: readonly number[]): Line[] {
    return devices.map((device) => this.world.lines[device]!);
  }

  #links(kind: FaultKind, node: number): Line[] {
    const { dependency } = linkFaultOf(kind)!;
    const line = this.world.links[node]![dependency];
    return line === undefined ? [] : [line];
  }
}
