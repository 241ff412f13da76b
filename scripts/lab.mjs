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
  const esbuild = await import('esbuild');
  const program = inRoot('tmp/lab/main.mjs');
  await esbuild.build({
    entryPoints: [inRoot('apps/lab/src/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    sourcemap: 'inline',
    tsconfig: inRoot('tsconfig.node.json'),
    logLevel: 'error',
  });
  const postgres = await keepPostgres({
    home: mkdtempSync(join(tmpdir(), 'cloudhop-lab-')),
    removeHome: true,
    createsDatabases: true,
  });
  try {
    const lab = spawn(node, ['--enable-source-maps', program, ...process.argv.slice(2)], {
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
