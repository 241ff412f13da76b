// Before the database specs: one Postgres, in it one migrated database from which every spec file gets its clone, and
// the server as a bundle for the specs that run it as a process.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleForNode } from '../bundle-node.mjs';
import { keepPostgres } from '../postgres.mjs';
import { applySchema } from '../schema.mjs';
import { inRoot } from '../workspace.mjs';

export default async function prepareDatabaseSpecs() {
  const postgres = await keepPostgres({
    home: mkdtempSync(join(tmpdir(), 'cloudhop-test-')),
    removeHome: true,
    createsDatabases: true,
    extraSettings: { max_connections: '300', max_wal_size: '256MB' },
  });
  globalThis.stopTestPostgres = postgres.stop;
  // The role's own database is the template; the test kit reads both addresses here.
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_API_BUNDLE = inRoot('tmp/jest/api.js');
  await Promise.all([
    applySchema(postgres.url),
    bundleForNode({ entry: 'apps/api/src/main.ts', outfile: 'tmp/jest/api.js' }),
  ]);
}
