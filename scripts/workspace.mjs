// Where things are. Every script finds the checkout by its own place, not by where it was called.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const inRoot = (/** @type {string[]} */ ...parts) => join(root, ...parts);

/** The Node that came by npm: everything but the very first steps runs on it. */
export const node = inRoot('node_modules/.bin/node');

/** The environment for programs of the workspace: its own Node and tools come first, and Nx asks nothing. */
export function toolEnvironment(extra = {}) {
  return {
    ...process.env,
    PATH: `${inRoot('node_modules/.bin')}:${process.env.PATH}`,
    NX_TUI: 'false',
    NX_INTERACTIVE: 'false',
    // A daemon would outlive the command and hold what Ctrl-C was meant to release.
    NX_DAEMON: 'false',
    ...extra,
  };
}
