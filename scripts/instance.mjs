// One Cloudhop per data folder: who runs in it, and what an earlier one left behind.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { isAlive, pidOf, processIdentity, waitUntil } from './process-identity.mjs';
import { say } from './terminal.mjs';

/** Longer than an application may drain and Postgres needs to write its checkpoint. */
const orphanLimitMs = 45_000;

/**
 * @typedef {object} Instance who runs; processes by their identity
 * @property {string} owner
 * @property {Record<string, string>} children by their names
 * @property {string} [url]
 */

/** @param {string} file @returns {Instance | undefined} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Takes the data folder for this process. Throws a Failure when another Cloudhop has it; waits for processes of one
 * that was killed.
 * @param {string} folder
 */
export async function claim(folder) {
  const file = join(folder, 'running.json');
  const own = `${file}.${process.pid}`;
  /** @type {Instance} */
  const instance = { owner: processIdentity(process.pid), children: {} };
  for (;;) {
    writeFileSync(own, JSON.stringify(instance), { mode: 0o600 });
    try {
      // A link fails when the name exists: of two that start at once, one wins.
      linkSync(own, file);
      break;
    } catch (error) {
      if (error.code === 'ENOENT') continue;
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(own, { force: true });
    }
    const other = read(file);
    if (isAlive(other?.owner))
      throw new Failure(
        `Cloudhop already runs with the data folder ${folder}${other.url ? ` at ${other.url}` : ''}: stop it first (process ${pidOf(other.owner)}), or set DATA_DIR and PORT to others.`,
      );
    await outlive(other);
    rmSync(file, { force: true });
  }
  const update = (/** @type {Partial<Instance>} */ changes) => {
    Object.assign(instance, changes);
    try {
      writeFileSync(own, JSON.stringify(instance), { mode: 0o600 });
      renameSync(own, file);
    } catch {
      // A full disk must not end what runs: the record stays as it was until the next change.
      rmSync(own, { force: true });
    }
  };
  return {
    update,
    /** Names a child, in the place of an earlier one. @param {string} name @param {number} pid */
    record: (name, pid) => update({ children: { ...instance.children, [name]: processIdentity(pid) } }),
    release: () => rmSync(file, { force: true }),
  };
}

/** Waits until the children of a killed instance have stopped by themselves. @param {Instance | undefined} dead */
async function outlive(dead) {
  const orphans = Object.values(dead?.children ?? {}).filter(isAlive);
  if (orphans.length === 0) return;
  say('An earlier Cloudhop is still shutting down …');
  if (await waitUntil(() => !orphans.some(isAlive), orphanLimitMs)) return;
  for (const orphan of orphans.filter(isAlive)) process.kill(pidOf(orphan), 'SIGKILL');
  await waitUntil(() => !orphans.some(isAlive), 5_000);
}
