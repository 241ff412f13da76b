import { setTimeout as wait } from 'node:timers/promises';
import { cpuOf } from './processes';
import type { ServerUnderTest } from './server-under-test';

/** Work of a server during a phase. */
export interface Phase {
  seconds: number;
  serverMs: number;
  postgresMs: number;
  generatorMs: number;
}

/** Runs `work` and reads the clocks of all processes before and after. */
export async function measured(server: ServerUnderTest, work: () => Promise<void>): Promise<Phase> {
  const [cpuBefore, generatorBefore, began] = [server.cpu(), cpuOf(process.pid), performance.now()];
  await work();
  const cpu = server.cpu();
  return {
    seconds: (performance.now() - began) / 1_000,
    serverMs: cpu.serverMs - cpuBefore.serverMs,
    postgresMs: cpu.postgresMs - cpuBefore.postgresMs,
    generatorMs: cpuOf(process.pid) - generatorBefore,
  };
}

/** Share of its core that the server used, its database among it. */
export function busyShare(phase: Phase): number {
  return (phase.serverMs + phase.postgresMs) / (phase.seconds * 1_000);
}

/** CPU microseconds per unit of work. */
export function perUnit(ms: number, units: number): number {
  return (ms * 1_000) / Math.max(1, units);
}

/** Resolves when `count()` has stood still for 300 ms, or after `longestMs`. */
export async function untilQuiet(count: () => number, longestMs: number): Promise<void> {
  const deadline = performance.now() + longestMs;
  let last = -1;
  for (let still = 0; still < 3 && performance.now() < deadline;) {
    await wait(100);
    const now = count();
    still = now === last ? still + 1 : 0;
    last = now;
  }
}
