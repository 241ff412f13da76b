import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, type FaultKind, describeFault } from './schedule';
import type { World } from './world';

/** Makes things go wrong, and right again. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  readonly #stalls = new Map<number, number>();
  #isOver = false;

  constructor(
    private readonly world: World,
    private readonly tell: (line: string) => void,
  ) {}

  /** Resolves when the fault is over. */
  async happen(fault: Fault): Promise<void> {
    const hasHappened = await this.#begin(fault);
    this.tell(`${describeFault(fault)}${hasHappened ? '' : ': it was down already'}`);
    if (!hasHappened) return;
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    await wait(fault.durationMs);
    if (!this.#isOver) await this.#end(fault);
  }

  /** Nothing goes wrong any more: everything runs, everything connects. Resolves once the servers listen. */
  async heal(): Promise<void> {
    this.#isOver = true;
    for (const disk of Object.values(this.world.disks ?? {})) disk.free();
    for (const line of this.world.lines) line.heal();
    for (const node of this.world.nodes) node.thaw();
    await Promise.all(this.world.nodes.map((node) => node.start()));
  }

  async #begin({ kind, node, devices, delayMs, durationMs }: Fault): Promise<boolean> {
    const { nodes, postgres, rude, disks } = this.world;
    switch (kind) {
      case 'kill':
        return nodes[node]!.kill();
      case 'freeze':
        return nodes[node]!.freeze();
      case 'database':
        return postgres.crash();
      case 'dataDisk':
        disks?.dataDisk.fill();
        return disks !== undefined;
      case 'walDisk':
        disks?.walDisk.fill();
        void postgres.exhaustWal();
        return disks !== undefined;
      case 'flood':
        void rude.flood(durationMs).catch(() => undefined);
        return true;
      case 'cut':
        this.#lines(devices).forEach((line) => line.cut());
        return true;
      case 'stall':
        this.#lines(devices).forEach((line) => line.setStalled(true));
        this.#count(devices, 1);
        return true;
      case 'delay':
        this.#lines(devices).forEach((line) => line.setDelay(delayMs));
        return true;
      case 'halfOpen':
        this.#lines(devices).forEach((line, i) => line.loseSide(i % 2 === 0 ? 'server' : 'client'));
        return true;
      case 'offline':
        this.#lines(devices).forEach((line) => line.setOffline(true));
        return true;
    }
  }

  async #end({ kind, node, devices }: Fault): Promise<void> {
    const { nodes, disks } = this.world;
    switch (kind) {
      case 'dataDisk':
      case 'walDisk':
        return disks?.[kind].free();
      case 'kill':
        return nodes[node]!.start();
      case 'freeze':
        return nodes[node]!.thaw();
      case 'stall':
        this.#count(devices, -1);
        for (const device of devices) if (this.#stalls.get(device) === 0) this.world.lines[device]!.setStalled(false);
        return;
      case 'delay':
        return this.#lines(devices).forEach((line) => line.setDelay(0));
      case 'halfOpen':
        return this.#lines(devices).forEach((line) => line.endHalfOpen());
      case 'offline':
        for (const device of devices) {
          this.world.lines[device]!.setOffline(false);
          this.world.devices[device]!.wake();
        }
        return;
      case 'database':
      case 'flood':
      case 'cut':
        return;
    }
  }

  #lines(devices: readonly number[]) {
    return devices.map((device) => this.world.lines[device]!);
  }

  /** Stalls of one line can overlap; it flows again after the last. */
  #count(devices: readonly number[], change: 1 | -1): void {
    for (const device of devices) this.#stalls.set(device, (this.#stalls.get(device) ?? 0) + change);
  }
}
