// npm run new-epoch: for a database of which a physical copy was put back. Clients take fresh snapshots.
import { script } from './machine.mjs';

script(async () => {
  const { existsSync, rmSync } = await import('node:fs');
  const { join, resolve } = await import('node:path');
  const { withDotenv } = await import('./dotenv.mjs');
  const { forgetEpoch, identityFile } = await import('./epoch.mjs');
  const { Failure } = await import('./failure.mjs');
  const { claim } = await import('./instance.mjs');
  const { say } = await import('./terminal.mjs');
  const { inRoot, root } = await import('./workspace.mjs');

  const env = withDotenv(inRoot('.env'));
  if (env.DATABASE_URL) {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: env.DATABASE_URL });
    try {
      await client.connect();
      await client.query(forgetEpoch);
    } catch (error) {
      throw new Failure(`The database of DATABASE_URL can't be changed: ${error.message || error.code}.`);
    } finally {
      await client.end().catch(() => undefined);
    }
    return say('Done. Servers that run notice within two seconds, others when they start.');
  }
  const dataDir = resolve(root, env.DATA_DIR ?? '.data');
  if (!existsSync(join(dataDir, 'postgres'))) throw new Failure(`There is no database in ${dataDir}.`);
  // Also makes sure that nothing runs there.
  const instance = await claim(dataDir);
  rmSync(join(dataDir, identityFile), { force: true });
  instance.release();
  say('Done. The next npm start makes a new epoch.');
});
