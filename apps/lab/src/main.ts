import { serveBare } from './bare-server';
import { chaos } from './chaos/chaos';
import { load } from './load';

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
    process.stderr.write(
      'Usage: npm run lab -- load [--clients 100] [--seconds 5] [--rates 100,400,1600]\n' +
        '  One room, durable, beside a bare Socket.IO server that stores nothing.\n',
    );
    process.exitCode = 1;
    return;
  }
  await command(options);
}

await main();
