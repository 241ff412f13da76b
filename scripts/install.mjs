import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from './failure.mjs';
import { checkRoomToInstall } from './disk.mjs';
import { progress, run, say } from './terminal.mjs';
import { inRoot, node, root } from './workspace.mjs';

/** Inside node_modules, so that deleting the one deletes the other. */
const stamp = inRoot('node_modules/.cloudhop-installed');

/**
 * Installs what the lock file lists, when that is not what is installed.
 * @param {AbortSignal} [signal]
 */
export async function install(signal) {
  const wanted = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node)) return;
  checkRoomToInstall(root);
  say('The first start takes two to three minutes and about 1.5 GB of disk; later ones take seconds.');
  const step = progress('Installing packages');
  rmSync(stamp, { force: true });
  const { code, output } = await run(findNpm(), ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    signal,
  });
  if (code !== 0) {
    step.stop();
    throw new Failure(explain(output));
  }
  writeFileSync(stamp, wanted);
  step.done();
}

/** npm beside the Node that runs this, else the one on PATH. */
function findNpm() {
  const beside = `${dirname(process.execPath)}/npm`;
  return existsSync(beside) ? beside : 'npm';
}

/** @param {string} output what npm wrote */
function explain(output) {
  if (/ENOSPC/.test(output)) return 'ENOSPC: the packages did not fit on the disk.';
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET/.test(output))
    return 'The package registry could not be reached: check the network (or npm\'s "registry" and "proxy" settings) and start again.';
  return `npm ci failed: correct what it says and start again.\n${output.trim()}`;
}
