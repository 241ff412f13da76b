import { writeFileSync } from 'node:fs';
import { type SettingName, simulate } from '../simulator/simulate';

/** Runs in the copy of the tree: the simulator up to the first program that breaks a law, the result as JSON. */
const [setting, runs, seed, resultFile] = process.argv.slice(2);
const result = simulate({
  setting: setting as SettingName,
  runs: Number(runs),
  seed: Number(seed),
  endOnFailure: true,
});
writeFileSync(resultFile!, JSON.stringify(result));
