import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { progress, run } from './terminal.mjs';
import { inRoot, node, root, toolEnvironment } from './workspace.mjs';

const stamp = inRoot('dist/.built-from');
/** Everything a build reads, besides packages, which the lock file stands for. */
const sources = ['apps/api', 'apps/web', 'libs', 'scripts/build-api.mjs', 'scripts/bundle-node.mjs'];
const settings = ['package-lock.json', 'nx.json', 'tsconfig.base.json', 'tsconfig.node.json', 'tsconfig.web.json'];

/**
 * Builds page and server, unless dist already is what these sources give.
 * @param {AbortSignal} [signal]
 */
export async function build(signal) {
  const wanted = fingerprint();
  const isThere = ['dist/apps/api/main.js', 'dist/apps/web/browser/index.html'].every((file) =>
    existsSync(inRoot(file)),
  );
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const step = progress('Building');
  rmSync(stamp, { force: true });
  const { code, output } = await run(
    node,
    [inRoot('node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build', '-p', 'api,web'],
    {
      cwd: root,
      env: toolEnvironment(),
      signal,
    },
  );
  if (code !== 0) {
    step.stop();
    throw new Failure(`The build failed: correct what it says and start again.\n${output.trim()}`);
  }
  mkdirSync(inRoot('dist'), { recursive: true });
  writeFileSync(stamp, wanted);
  step.done();
}

/** A hash that changes when any source changes: by content, since a checkout makes times anew. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...sources.flatMap((path) => listFiles(inRoot(path))), ...settings.map((path) => inRoot(path))]) {
    if (/\.spec\.ts$|\.md$/.test(file) || !existsSync(file)) continue;
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} */
function listFiles(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]));
}
