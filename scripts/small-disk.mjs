import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { say } from './terminal.mjs';

/** Room for a new cluster, or for its write-ahead log, and for a minute of messages. */
const megabytes = 256;

/**
 * Mounts a small disk in memory under each name. Needs root: returns undefined, and says so, for others.
 * @param {string[]} names
 */
export function mountSmallDisks(names) {
  if (userInfo().uid !== 0) {
    say('A full disk is left out: only root can mount a small one.');
    return undefined;
  }
  /** @type {Record<string, string>} */
  const folders = {};
  const unmount = () => {
    for (const folder of Object.values(folders)) {
      // Lazily: a process that is about to end may still have a file open.
      execFileSync('umount', ['--lazy', folder]);
      rmdirSync(folder);
    }
  };
  try {
    for (const name of names) {
      const folder = mkdtempSync(join(tmpdir(), `cloudhop-disk-${name}-`));
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'none', folder], { stdio: 'pipe' });
      folders[name] = folder;
    }
    return { folders, unmount };
  } catch {
    unmount();
    say('A full disk is left out: mounting is not allowed here.');
    return undefined;
  }
}
