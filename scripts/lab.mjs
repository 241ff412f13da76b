// npm run lab -- <what> …: the fault simulator and the benchmark, with a Postgres of their own.
import { Failure } from './failure.mjs';
import { script } from './machine.mjs';
import { findRedis } from './redis.mjs';

script(async () => {
  const { spawn } = await import('node:child_process');
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const { build } = await import('./build.mjs');
  const { install } = await import('./install.mjs');
  const { keepPostgres } = await import('./postgres.mjs');
  const { mountSmallDisks } = await import('./small-disk.mjs');
  const { inRoot, node, root, toolEnvironment } = await import('./workspace.mjs');

  const isChaos = process.argv[2] === 'chaos';
  // Before a build that would be for nothing.
  if (isChaos && !process.argv.includes('--without-redis')) requireRedis();
  await install();
  await build();
  const { bundleForNode } = await import('./bundle-node.mjs');
  const program = 'tmp/lab/main.mjs';
  await bundleForNode({ entry: 'apps/lab/src/main.ts', outfile: program, format: 'esm' });
  // Chaos fills disks, so it brings small ones: one for the tables and the logs, one for the write-ahead log.
  const disks = isChaos ? mountSmallDisks(['data', 'wal']) : undefined;
  const options = {
    home: disks ? join(disks.folders.data, 'home') : mkdtempSync(join(tmpdir(), 'cloudhop-lab-')),
    removeHome: true,
    createsDatabases: true,
    ...(disks && { walFolder: disks.folders.wal, extraSettings: { max_wal_size: '96MB', min_wal_size: '32MB' } }),
  };
  const postgres = await keepPostgres(options);
  try {
    const lab = spawn(node, ['--enable-source-maps', inRoot(program), ...process.argv.slice(2)], {
      cwd: root,
      env: toolEnvironment({
        DATABASE_URL: postgres.url,
        ...(disks && { DATA_DISK: disks.folders.data, WAL_DISK: disks.folders.wal }),
      }),
      stdio: 'inherit',
    });
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => lab.kill('SIGTERM'));
    return await new Promise((resolve) => lab.once('close', (code) => resolve(code ?? 1)));
  } finally {
    await postgres.stop();
    disks?.unmount();
  }
});

/** Throws a Failure that says how to get Redis, and how to go on without it. */
function requireRedis() {
  try {
    findRedis();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`${error.message} Or leave its faults out: npm run lab -- chaos --without-redis`);
  }
}
