// npm run lab -- <what> …: the fault simulator and the benchmark, with a Postgres of their own.
import { script } from './machine.mjs';

script(async () => {
  const { spawn } = await import('node:child_process');
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const { build } = await import('./build.mjs');
  const { install } = await import('./install.mjs');
  const { keepPostgres } = await import('./postgres.mjs');
  const { inRoot, node, root, toolEnvironment } = await import('./workspace.mjs');

  await install();
  await build();
  const { bundleForNode } = await import('./bundle-node.mjs');
  const program = 'tmp/lab/main.mjs';
  await bundleForNode({ entry: 'apps/lab/src/main.ts', outfile: program, format: 'esm' });
  const postgres = await keepPostgres({
    home: mkdtempSync(join(tmpdir(), 'cloudhop-lab-')),
    removeHome: true,
    createsDatabases: true,
  });
  try {
    const lab = spawn(node, ['--enable-source-maps', inRoot(program), ...process.argv.slice(2)], {
      cwd: root,
      env: toolEnvironment({ DATABASE_URL: postgres.url }),
      stdio: 'inherit',
    });
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => lab.kill('SIGTERM'));
    return await new Promise((resolve) => lab.once('close', (code) => resolve(code ?? 1)));
  } finally {
    await postgres.stop();
  }
});
