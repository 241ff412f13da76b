import { spawn } from 'node:child_process';
import { inRoot, node, root, toolEnvironment } from '../workspace.mjs';

/**
 * Runs Jest and returns its exit code.
 * @param {string[]} parameters
 * @returns {Promise<number>}
 */
export function runJest(parameters) {
  const jest = spawn(
    node,
    [
      // Nest and Angular are ESM; Jest loads that only through this switch.
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      inRoot('node_modules/jest/bin/jest.js'),
      ...parameters,
    ],
    { cwd: root, env: toolEnvironment(), stdio: 'inherit' },
  );
  // Ctrl-C reaches Jest by itself; here it must only not end this process before Jest has cleaned up.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => jest.kill('SIGTERM'));
  return new Promise((resolve) => jest.once('close', (code) => resolve(code ?? 1)));
}
