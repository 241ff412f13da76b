import type { Chance } from '../chance';

/** Systems that each server is connected to, as the report names them. */
const dependencies = { redis: 'Redis', postgres: 'Postgres' };
export type Dependency = keyof typeof dependencies;

/** Faults of the connections of a server, as the report names them. */
const linkFaults = {
  cut: 'reset, and refused for a while',
  stall: 'stalled',
  delay: 'slowed down',
  halfOpen: 'dead on one side only',
};
export type LinkFault = keyof typeof linkFaults;
type LinkFaultKind = `${Dependency}:${LinkFault}`;

const linkFaultNames = Object.fromEntries(
  Object.entries(dependencies).flatMap(([dependency, system]) =>
    Object.entries(linkFaults).map(([kind, name]) => [
      `${dependency}:${kind}`,
      `a server’s connections to ${system} ${name}`,
    ]),
  ),
) as Record<LinkFaultKind, string>;

/** Kinds of faults, as the report names them. */
export const faultNames = {
  kill: 'API process killed with -9 and started again',
  freeze: 'API process frozen (SIGSTOP) and woken',
  rolling: 'all API processes restarted in order (SIGTERM), one after the other',
  database: 'Postgres ended with SIGQUIT and recovered',
  dataDisk: 'disk of the tables and the logs full, and room again',
  walDisk: 'disk of the write-ahead log full, and room again',
  redisKill: 'Redis killed with -9 and started again, empty',
  redisFlush: 'Redis flushed (FLUSHALL)',
  redisPause: 'Redis paused (SIGSTOP) and woken',
  redisFull: 'Redis full of junk keys (noeviction), and room again',
  redisReplica: 'Redis made a replica of a server that is away, and a primary again',
  forge: 'forged, malformed and replayed messages published on the bus',
  ...linkFaultNames,
  flood: 'rude client floods past every limit',
  cut: 'connections reset',
  move: 'clients moved to another server by a load balancer',
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
  /** Of faults of one process and of its links: which one. */
  node: number;
  /** Of the faults of connections: whose. */
  devices: readonly number[];
  /** Of a delay: how long each piece of data is held back. */
  delayMs: number;
}

/** Shortest and longest duration of each kind. */
const durationsMs: Record<FaultKind, readonly [number, number]> = {
  kill: [200, 5_000],
  freeze: [1_000, 15_000],
  rolling: [0, 0],
  database: [0, 0],
  dataDisk: [3_000, 6_000],
  walDisk: [2_000, 5_000],
  redisKill: [200, 6_000],
  redisFlush: [0, 0],
  redisPause: [1_000, 8_000],
  redisFull: [2_000, 6_000],
  redisReplica: [2_000, 6_000],
  forge: [2_000, 4_000],
  'redis:cut': [0, 5_000],
  'redis:stall': [1_000, 8_000],
  'redis:delay': [2_000, 8_000],
  'redis:halfOpen': [2_000, 10_000],
  'postgres:cut': [0, 4_000],
  'postgres:stall': [1_000, 6_000],
  'postgres:delay': [2_000, 6_000],
  'postgres:halfOpen': [2_000, 8_000],
  flood: [1_000, 2_500],
  cut: [0, 0],
  move: [0, 0],
  stall: [1_000, 12_000],
  delay: [3_000, 10_000],
  halfOpen: [2_000, 12_000],
  offline: [1_000, 10_000],
};

/** Each round has them all, so that also a short run sees every kind. */
const round = [...(Object.keys(faultNames) as FaultKind[]), 'cut'] as const;

const firstAtMs = 1_500;

/** Faults that need a small disk, which only root can mount. */
const diskFaults: readonly FaultKind[] = ['dataDisk', 'walDisk'];

/** Returns true for faults of Redis, of the way to it, and by it. */
export function isOfRedis(kind: FaultKind): boolean {
  return kind.startsWith('redis') || kind === 'forge';
}

/** Returns the part of a kind that says what happens to which connections of a server; undefined for other kinds. */
export function linkFaultOf(kind: FaultKind): { dependency: Dependency; fault: LinkFault } | undefined {
  const [dependency, fault] = kind.split(':');
  return fault === undefined ? undefined : { dependency: dependency as Dependency, fault: fault as LinkFault };
}

export interface Plannable {
  devices: number;
  nodes: number;
  /** False: no disk can be filled. */
  hasDisks: boolean;
  hasRedis: boolean;
}

/** Returns the faults of a run of `runMs` with what takes part in it. */
export function planFaults(chance: Chance, runMs: number, { devices, nodes, hasDisks, hasRedis }: Plannable): Fault[] {
  const possible = round.filter((kind) => (hasDisks || !diskFaults.includes(kind)) && (hasRedis || !isOfRedis(kind)));
  const faults: Fault[] = [];
  const all = Array.from({ length: devices }, (_, device) => device);
  let kinds: FaultKind[] = [];
  for (let atMs = firstAtMs; atMs < runMs; atMs += chance.between(400, 2_600)) {
    if (kinds.length === 0) kinds = chance.shuffled(possible);
    const kind = kinds.pop()!;
    const [least, most] = durationsMs[kind];
    faults.push({
      kind,
      atMs,
      durationMs: chance.between(least, most),
      node: chance.between(0, nodes - 1),
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
    case 'rolling':
      return 'a rolling restart begins';
    case 'database':
      return 'Postgres killed';
    case 'dataDisk':
      return `the disk of tables and logs full for ${seconds}`;
    case 'walDisk':
      return `the disk of the write-ahead log full for ${seconds}`;
    case 'redisKill':
      return `Redis killed, back in ${seconds}`;
    case 'redisFlush':
      return 'Redis flushed';
    case 'redisPause':
      return `Redis paused for ${seconds}`;
    case 'redisFull':
      return `Redis full for ${seconds}`;
    case 'redisReplica':
      return `Redis a replica for ${seconds}`;
    case 'forge':
      return `messages forged for ${seconds}`;
    case 'redis:delay':
    case 'postgres:delay':
      return `node ${node}: ${faultNames[kind]}, by ${delayMs} ms for ${seconds}`;
    case 'redis:cut':
    case 'redis:stall':
    case 'redis:halfOpen':
    case 'postgres:cut':
    case 'postgres:stall':
    case 'postgres:halfOpen':
      return `node ${node}: ${faultNames[kind]}, for ${seconds}`;
    case 'flood':
      return `a flood for ${seconds}`;
    case 'cut':
      return `${whose} cut off`;
    case 'move':
      return `${whose} moved to another server`;
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
