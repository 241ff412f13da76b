import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { writeTable } from '../tables';
import { type SettingName, type SimulationResult, settings, simulate } from './simulate';

export const simulateUsage =
  'simulate [--runs 10000] [--setting servers|devices|withoutLocks] [--seed n] [--path p] [--write]: random programs of faults in simulated time';

/** Share of the programs by setting. Settings with more parts get more. */
const shares: Record<SettingName, number> = { servers: 0.42, devices: 0.42, withoutLocks: 0.16 };

/** All settings beside each other, or one of them here. Exits with 1 when a law was broken. */
export async function simulateCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '10000' },
      setting: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (values.setting === undefined) return everySetting(runs, values.write);
  if (!Object.hasOwn(settings, values.setting)) throw new Error(`there is no setting ${values.setting}`);
  const result = simulate({
    setting: values.setting as SettingName,
    runs,
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.path !== undefined && { path: values.path }),
  });
  if (process.send) process.send(result);
  else process.stdout.write(`${line(values.setting as SettingName, result)}\n${result.failure ?? ''}\n`);
  process.exitCode = result.failure === undefined ? 0 : 1;
}

async function everySetting(runs: number, isWritten: boolean): Promise<void> {
  const began = performance.now();
  const names = Object.keys(settings) as SettingName[];
  const results = await Promise.all(names.map((name) => inChild(name, Math.ceil(runs * shares[name]))));
  const seconds = Math.round((performance.now() - began) / 1_000);
  const rows = names.map((name, i) => {
    const { programs, steps, faults, checks, failure } = results[i]!;
    return `| ${name} | ${programs} | ${steps} | ${faults} | ${checks} | ${failure === undefined ? 0 : 1} |`;
  });
  const table = [
    '| setting | programs | steps | faults | checks | broken laws |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
  process.stdout.write(`${table.join('\n')}\n${seconds} s\n`);
  for (const { failure } of results) if (failure !== undefined) process.stdout.write(`${failure}\n`);
  if (results.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
  else if (isWritten) writeTable('docs/reliability.md', 'simulation', table);
}

/** A process of its own, so that both cores work. */
function inChild(setting: SettingName, runs: number): Promise<SimulationResult> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1]!, ['simulate', '--setting', setting, '--runs', String(runs)]);
    child.once('message', (result) => resolve(result as SimulationResult));
    child.once('exit', (code) => reject(new Error(`the simulation of ${setting} ended with ${code}`)));
  });
}

export function line(setting: SettingName, { programs, steps, faults, checks }: SimulationResult): string {
  return `simulated "${setting}": ${programs} programs, ${steps} steps, ${faults} faults, ${checks} checks`;
}
