import 'reflect-metadata';
import { chaos, chaosUsage } from './chaos/chaos';
import { serveBare } from './load/bare-server';
import { load, loadUsage } from './load/load';
import { mutants, mutantsUsage } from './mutants/mutants';
import { simulateCommand, simulateUsage } from './simulator/command';

/** Commands of the lab, by the first argument. */
const commands: Record<string, (options: string[]) => Promise<void>> = {
  load,
  chaos,
  mutants,
  simulate: simulateCommand,
  'bare-server': serveBare,
};

async function main(): Promise<void> {
  const [name = '', ...options] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    process.stderr.write(
      `Usage: npm run lab -- <what> …\n  ${loadUsage}\n  ${chaosUsage}\n  ${mutantsUsage}\n  ${simulateUsage}\n`,
    );
    process.exitCode = 1;
    return;
  }
  await command(options);
}

await main();
