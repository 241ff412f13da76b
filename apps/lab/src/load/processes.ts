import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The server's processes, the database's among them, share this core … */
export const serverCore = 0;
/** … and whoever loads them has this one for itself. */
export const generatorCore = 1;

/** Reads the operating system's counters of a process. A clock tick is 10 ms on Linux. */
export interface ProcessStat {
  parent: number;
  cpuMs: number;
  /** CPU of the children it has buried. */
  reapedMs: number;
}

const tickMs = 10;
let whyUnpinned: string | undefined;

export function statOf(pid: number): ProcessStat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    parent: fields[1]!,
    cpuMs: (fields[11]! + fields[12]!) * tickMs,
    reapedMs: (fields[13]! + fields[14]!) * tickMs,
  };
}

export function cpuOf(pid: number): number {
  return statOf(pid).cpuMs;
}

/** The living children of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((child) => {
      try {
        return statOf(child).parent === pid;
      } catch {
        return false;
      }
    });
}

/** CPU milliseconds of a process, its living children, and the children it has buried. */
export function cpuOfTree(pid: number): number {
  const own = statOf(pid);
  let sum = own.cpuMs + own.reapedMs;
  for (const child of childrenOf(pid)) {
    try {
      sum += cpuOf(child);
    } catch {
      // It ended meanwhile: from now on it is among the reaped.
    }
  }
  return sum;
}

/** Resident memory in KiB. */
export function rssKib(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN);
}

/** Memory of a process and its children in KiB; what they share counts once. */
export function pssKib(pid: number): number {
  let sum = 0;
  for (const each of [pid, ...childrenOf(pid)]) {
    try {
      sum += Number(/^Pss:\s*(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return sum;
}

/** Files that this process may have open, or Infinity. */
export function openFilesLimit(): number {
  const soft = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return soft === 'unlimited' ? Infinity : Number(soft);
}

/** Binds all threads of these processes to one core; what they start inherits it. */
export function pin(pids: readonly number[], core: number): void {
  if (whyUnpinned !== undefined) return;
  if (availableParallelism() < 2 && core !== serverCore) {
    whyUnpinned = 'there is one core only';
    return;
  }
  for (const pid of pids) {
    const { status, error, stderr } = spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], {
      encoding: 'utf8',
    });
    if (status === 0) continue;
    whyUnpinned = error ? 'taskset (util-linux) is not there' : `taskset refused: ${stderr.trim()}`;
    return;
  }
}

/** Returns the distribution of the processes as a sentence for the report. */
export function describePinning(): string {
  return whyUnpinned === undefined
    ? `Servers and PostgreSQL are pinned to core ${serverCore}, the generator to core ${generatorCore}.`
    : `Nothing is pinned to a core, because ${whyUnpinned}: numbers vary more.`;
}
