import { type FaultKind, isOfRedis, linkFaultOf } from './schedule';

/** A fault that has begun. */
export interface PastFault {
  kind: FaultKind;
  node: number;
  /** Milliseconds on this machine's clock. */
  from: number;
  /** Infinity while it lasts. */
  to: number;
}

/** Condition of a server: able to do all it should; without other servers; or not even able to reach its database. */
export type Condition = 'healthy' | 'withoutRedis' | 'cutOff';

/** Faults whose end is not their end: servers connect again, Postgres recovers, a process catches up. */
const recoveryMs = 6_000;

/** Faults of Postgres itself. */
const ofPostgres: ReadonlySet<FaultKind> = new Set(['database', 'dataDisk', 'walDisk']);
/** Faults of one process. */
const ofProcess: ReadonlySet<FaultKind> = new Set(['kill', 'freeze']);

/** The faults of a run so far, and what they excuse. */
export class Weather {
  readonly #past: PastFault[] = [];

  add(fault: PastFault): void {
    this.#past.push(fault);
  }

  /** Returns the worst condition of a server between two times. */
  of(node: number, from: number, to: number): Condition {
    const met = this.#past.filter((fault) => fault.from <= to && fault.to + recoveryMs >= from);
    const isCutOff = met.some(
      ({ kind, node: which }) =>
        ofPostgres.has(kind) ||
        kind === 'rolling' ||
        (which === node && (ofProcess.has(kind) || linkFaultOf(kind)?.dependency === 'postgres')),
    );
    if (isCutOff) return 'cutOff';
    // Whoever lost the bus may be the one who knows.
    return met.some(({ kind }) => isOfRedis(kind)) ? 'withoutRedis' : 'healthy';
  }
}
