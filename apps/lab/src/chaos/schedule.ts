import type { Chance } from '../chance';

/** Kinds of faults, as the report names them. */
export const faultNames = {
  kill: 'API process killed with -9 and started again',
  freeze: 'API process frozen (SIGSTOP) and woken',
  database: 'Postgres ended with SIGQUIT and recovered',
  dataDisk: 'disk of the tables and the logs full, and room again',
  walDisk: 'disk of the write-ahead log full, and room again',
  flood: 'rude client floods past every limit',
  cut: 'connections reset',
  stall: 'connections stalled',
  delay: 'connections slowed down',
  halfOpen: 'connections dead on one side only',
  offline: 'devices without a network',
};
export type FaultKind = keyof typeof faultNames;

export interface Fault {
  kind: FaultKind;
  /** Since the run began. */
  atMs: number;
  durationMs: number;
  /** Of kill and freeze: which process. */
  node: number;
  /** Of the faults of connections: whose. */
  devices: readonly number[];
  /** Of a delay: how long each piece of data is held back. */
  delayMs: number;
}

/** Each round has them all, so that also a short run sees every kind. */
const round: readonly FaultKind[] = [
  'kill',
  'freeze',
  'database',
  'dataDisk',
  'walDisk',
  'flood',
  'cut',
  'cut',
  'stall',
  'delay',
  'halfOpen',
  'offline',
];

/** Shortest and longest duration of each kind. */
const durationsMs: Record<FaultKind, readonly [number, number]> = {
  kill: [200, 5_000],
  freeze: [1_000, 15_000],
  database: [0, 0],
  dataDisk: [3_000, 6_000],
  walDisk: [2_000, 5_000],
  flood: [1_000, 2_500],
  cut: [0, 0],
  stall: [1_000, 12_000],
  delay: [3_000, 10_000],
  halfOpen: [2_000, 12_000],
  offline: [1_000, 10_000],
};

const firstAtMs = 1_500;

/** Faults that need a small disk, which only root can mount. */
const diskFaults: readonly FaultKind[] = ['dataDisk', 'walDisk'];

/** Returns the faults of a run of `runMs` with so many devices; without `hasDisks` none of a full disk. */
export function planFaults(chance: Chance, runMs: number, devices: number, hasDisks: boolean): Fault[] {
  const possible = hasDisks ? round : round.filter((kind) => !diskFaults.includes(kind));
  const faults: Fault[] = [];
  const all = Array.from({ length: devices }, (_, device) => device);
  let kinds: FaultKind[] = [];
  for (let atMs = firstAtMs; atMs < runMs; atMs += chance.between(600, 3_400)) {
    if (kinds.length === 0) kinds = chance.shuffled(possible);
    const kind = kinds.pop()!;
    const [least, most] = durationsMs[kind];
    faults.push({
      kind,
      atMs,
      durationMs: chance.between(least, most),
      node: chance.between(0, 1),
      devices: chance.shuffled(all).slice(0, chance.between(1, Math.ceil(devices / 2))),
      delayMs: chance.between(50, 900),
    });
  }
  return faults;
}

/** One line for whoever watches the run. */
export function describeFault({ kind, durationMs, node, devices, delayMs }: Fault): string {
  const seconds = `${(durationMs / 1_000).toFixed(1)} s`;
  const whose = devices.length === 1 ? 'one device' : `${devices.length} devices`;
  switch (kind) {
    case 'kill':
      return `node ${node} killed, back in ${seconds}`;
    case 'freeze':
      return `node ${node} frozen for ${seconds}`;
    case 'database':
      return 'Postgres killed';
    case 'dataDisk':
      return `the disk of tables and logs full for ${seconds}`;
    case 'walDisk':
      return `the disk of the write-ahead log full for ${seconds}`;
    case 'flood':
      return `a flood for ${seconds}`;
    case 'cut':
      return `${whose} cut off`;
    case 'delay':
      return `${whose} slowed by ${delayMs} ms for ${seconds}`;
    case 'stall':
      return `${whose} stalled for ${seconds}`;
    case 'halfOpen':
      return `${whose} half open for ${seconds}`;
    case 'offline':
      return `${whose} offline for ${seconds}`;
  }
}
