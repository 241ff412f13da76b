// npm run e2e: real browsers against servers of their own, on free ports and in folders that are removed afterwards.
// Arguments go to Playwright.
import { script } from './machine.mjs';

script(async () => {
  const { spawn } = await import('node:child_process');
  const { existsSync, mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const { build } = await import('./build.mjs');
  const { Failure } = await import('./failure.mjs');
  const { install } = await import('./install.mjs');
  const { keepPostgres } = await import('./postgres.mjs');
  const { inRoot, node, root, toolEnvironment } = await import('./workspace.mjs');

  if (!existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium'))
    throw new Failure(
      'Chromium is missing: apt-get install -y chromium fonts-noto-cjk fonts-noto-color-emoji, or name another one in CHROMIUM.',
    );
  await install();
  await build();
  const postgres = await keepPostgres({
    home: mkdtempSync(join(tmpdir(), 'cloudhop-e2e-')),
    removeHome: true,
    createsDatabases: true,
  });
  try {
    const playwright = spawn(
      node,
      [
        inRoot('node_modules/@playwright/test/cli.js'),
        'test',
        '--config',
        'apps/e2e/playwright.config.ts',
        ...process.argv.slice(2),
      ],
      { cwd: root, env: toolEnvironment({ E2E_POSTGRES_URL: postgres.url, E2E_NODE: node }), stdio: 'inherit' },
    );
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => playwright.kill('SIGTERM'));
    return await new Promise((resolve) => playwright.once('close', (code) => resolve(code ?? 1)));
  } finally {
    await postgres.stop();
  }
});
