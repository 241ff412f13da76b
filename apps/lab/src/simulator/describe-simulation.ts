import { line } from './command';
import { type SettingName, simulate } from './simulate';

/** How many programs each setting runs in `npm test`: together more than ten thousand. SIMULATION_RUNS asks for another number. */
const runs: Record<SettingName, number> = { servers: 4_200, devices: 4_200, withoutLocks: 1_700 };

/** Runs one setting's programs as a test, and says how much it looked at. */
export function describeSimulation(setting: SettingName): void {
  test(`I1–I7, I12: hold in "${setting}" for every program of faults`, () => {
    const asked = process.env['SIMULATION_RUNS'];
    const result = simulate({ setting, runs: asked === undefined ? runs[setting] : Number(asked) });
    process.stdout.write(`${line(setting, result)}\n`);
    if (result.failure !== undefined) throw new Error(result.failure);
  }, 300_000);
}
