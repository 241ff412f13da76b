import { line } from './command';
import { type SettingName, simulate } from './simulate';

/** How many programs each setting runs in `npm test`, within its time. SIMULATION_RUNS asks for another number. */
const runs: Record<SettingName, number> = { servers: 1_200, devices: 600, withoutLocks: 1_000 };

/** Runs one setting's programs as a test, and says how much it looked at. */
export function describeSimulation(setting: SettingName): void {
  test(`I1–I7, I12: hold in "${setting}" for every program of faults`, () => {
    const asked = process.env['SIMULATION_RUNS'];
    // The same programs each time: what others find is `npm run lab -- simulate`, with another seed whenever it runs.
    const result = simulate({
      setting,
      runs: asked === undefined ? runs[setting] : Number(asked),
      seed: 20_261_121,
      withinMs: 240_000,
    });
    process.stdout.write(`${line(setting, result)}\n`);
    if (result.failure !== undefined) throw new Error(result.failure);
  }, 300_000);
}
