// npm run reset: deletes all messages, people and secrets of this checkout. Asks first, unless given --yes.
import { script } from './machine.mjs';

/** Entries that Cloudhop writes into its data folder. Nothing else there is touched: the folder may be someone's home. */
const own = [
  'postgres',
  'postgres.new',
  'postgres-identity.json',
  'postgres-password',
  'postgres.log',
  'postgres.log.1',
  'postgres.log.2',
  'server.log',
  'server.log.1',
  'server.log.2',
  'secrets.json',
  'redis',
  'redis.log',
  'redis.log.1',
  'redis.log.2',
  'media',
];
const nodeLog = /^node-\d+\.log(\.\d)?$/;

script(async () => {
  const { existsSync, readdirSync, rmSync, rmdirSync } = await import('node:fs');
  const { join, resolve } = await import('node:path');
  const { createInterface } = await import('node:readline/promises');
  const { withDotenv } = await import('./dotenv.mjs');
  const { Failure } = await import('./failure.mjs');
  const { claim } = await import('./instance.mjs');
  const { say } = await import('./terminal.mjs');
  const { inRoot, root } = await import('./workspace.mjs');

  const dataDir = resolve(root, withDotenv(inRoot('.env')).DATA_DIR ?? '.data');
  const found = (existsSync(dataDir) ? readdirSync(dataDir) : []).filter(
    (name) => own.includes(name) || nodeLog.test(name),
  );
  if (found.length === 0) return say(`There is nothing to delete in ${dataDir}.`);
  // Also makes sure that nothing runs there.
  const instance = await claim(dataDir);
  try {
    if (!process.argv.includes('--yes')) {
      if (!process.stdin.isTTY)
        throw new Failure('Nobody is there to ask: npm run reset -- --yes deletes without asking.');
      const terminal = createInterface({ input: process.stdin, output: process.stdout });
      const answer = await terminal.question(`Delete every message, person and secret in ${dataDir}? Type "delete": `);
      terminal.close();
      if (answer.trim() !== 'delete') return say('Nothing was deleted.');
    }
    for (const name of found) rmSync(join(dataDir, name), { recursive: true, force: true });
  } finally {
    instance.release();
  }
  try {
    rmdirSync(dataDir);
  } catch {
    // Something that is not ours is in there: it stays.
  }
  say('Deleted. The next npm start begins anew.');
});
