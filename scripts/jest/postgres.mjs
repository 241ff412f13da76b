// Before the database specs: one Postgres, and in it one migrated database from which every spec file gets its clone.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { keepPostgres } from '../postgres.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

export default async function startTestPostgres() {
  const postgres = await keepPostgres({
    home: mkdtempSync(join(tmpdir(), 'cloudhop-test-')),
    removeHome: true,
    createsDatabases: true,
    extraSettings: { max_connections: '300', max_wal_size: '256MB' },
  });
  globalThis.stopTestPostgres = postgres.stop;
  // The role's own database is the template; test workers read its address here.
  process.env.TEST_POSTGRES_URL = postgres.url;
  await migrate(postgres.url);
}

/**
 * Runs the API's migrations. They are TypeScript, so they are bundled first; packages stay where they are.
 * @param {string} url
 */
async function migrate(url) {
  const outfile = join(root, 'tmp/jest', `migrations-${process.pid}.mjs`);
  mkdirSync(join(root, 'tmp/jest'), { recursive: true });
  await build({
    entryPoints: [join(root, 'libs/api/core/src/database/connect.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    tsconfig: join(root, 'tsconfig.node.json'),
    logLevel: 'error',
  });
  const { runMigrations } = await import(pathToFileURL(outfile).href);
  await runMigrations(url);
}
