import { chaos, chaosUsage } from './chaos/chaos';
import { serveBare } from './load/bare-server';
import { load, loadUsage } from './load/load';

/** What the lab can do; the first argument chooses. */
const commands: Record<string, (options: string[]) => Promise<void>> = {
  load,
  chaos,
  'bare-server': serveBare,
};

async function main(): Promise<void> {
  const [name = '', ...options] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    process.stderr.write(`Usage: npm run lab -- <what> …\n  ${loadUsage}\n  ${chaosUsage}\n`);
    process.exitCode = 1;
    return;
  }
  await command(options);
}

await main();
