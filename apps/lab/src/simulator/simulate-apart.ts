import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Simulation, SimulationResult } from './simulate';

/**
 * Simulates in a process of its own, with the code of the checkout in `folder`: inside of Jest's sandbox the same takes
 * twice as long. Rejects when it did not come to a result within `limitMs`.
 */
export async function simulateApart(
  simulation: Simulation,
  limitMs: number,
  folder = process.cwd(),
): Promise<SimulationResult> {
  const program = `
    import { bundleForNode } from './scripts/bundle-node.mjs';
    const outfile = 'tmp/simulated/${simulation.setting}.mjs';
    await bundleForNode({ entry: 'apps/lab/src/simulator/apart.ts', outfile, format: 'esm' });
    await import('./' + outfile);`;
  // What stands in the place of the program's name: arguments begin after it.
  const args = ['--input-type=module', '-e', program, 'apart', JSON.stringify(simulation)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  return JSON.parse(stdout) as SimulationResult;
}
