import { setTimeout as wait } from 'node:timers/promises';

const intervalMs = 50;

/** Resolves when the condition holds, or at the deadline (milliseconds on this machine's clock). */
export async function until(condition: () => boolean | Promise<boolean>, deadline: number): Promise<void> {
  while (!(await condition()) && Date.now() < deadline) await wait(intervalMs);
}
