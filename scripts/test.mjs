// npm test: every spec, in Node, in a simulated page, and on a real Postgres. Arguments go to Jest.
import { script } from './machine.mjs';

script(async () => {
  const { spawn } = await import('node:child_process');
  const { install } = await import('./install.mjs');
  const { inRoot, node, root, toolEnvironment } = await import('./workspace.mjs');

  await install();
  const jest = spawn(
    node,
    [
      // Nest and Angular are ESM; Jest loads that only through this switch.
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      inRoot('node_modules/jest/bin/jest.js'),
      ...process.argv.slice(2),
    ],
    { cwd: root, env: toolEnvironment(), stdio: 'inherit' },
  );
  // Ctrl-C reaches Jest by itself; here it must only not end this process before Jest has cleaned up.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => jest.kill('SIGTERM'));
  return new Promise((resolve) => jest.once('close', (code) => resolve(code ?? 1)));
});
