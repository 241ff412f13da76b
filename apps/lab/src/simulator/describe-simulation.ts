import { line } from './command';
import type { SettingName } from './simulate';
import { simulateApart } from './simulate-apart';

/** Number of programs of each setting in `npm test`. SIMULATION_RUNS overrides it. */
const runs: Record<SettingName, number> = { servers: 2_800, devices: 1_600, withoutLocks: 1_800 };
const limitMs = 280_000;

/** Runs one setting's programs as a test, and says how much it looked at. */
export function describeSimulation(setting: SettingName): void {
  test(`I1–I7, I12: hold in "${setting}" for every program of faults`, async () => {
    const simulation = {
      setting,
      runs: Number(process.env['SIMULATION_RUNS'] ?? runs[setting]),
      // The same programs each time: what others find is `npm run lab -- simulate`, with another seed whenever it runs.
      seed: 20_261_121,
      withinMs: limitMs / 2,
    };
    const result = await simulateApart(simulation, limitMs);
    process.stdout.write(`${line(setting, result)}\n`);
    if (result.failure !== undefined) throw new Error(result.failure);
  }, 300_000);
}
