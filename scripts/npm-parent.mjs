import { readFileSync } from 'node:fs';
import { isAlive, processIdentity } from './process-identity.mjs';

const lookEveryMs = 250;

/**
 * Sends this process a SIGTERM when the npm that runs it has gone. npm gives a signal to its shell only, which ends
 * without giving it on.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parents = [process.ppid, parentOf(process.ppid)].map((pid) => processIdentity(pid));
  // Where the shell has replaced itself by this process, npm is the parent, and what is above it is none of ours.
  const watched = isShell(process.ppid) ? parents : parents.slice(0, 1);
  const timer = setInterval(() => {
    if (watched.every(isAlive)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs);
  timer.unref();
}

/** @param {number} pid */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isShell(pid) {
  try {
    return /^(sh|bash|dash|ash|zsh)$/.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
  } catch {
    return false;
  }
}
