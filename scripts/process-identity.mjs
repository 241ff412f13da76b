import { readFileSync, readlinkSync, statSync } from 'node:fs';

/**
 * Names one process for good: pids are used again after a while and after a reboot, so the boot and the moment of
 * birth belong to the name. Undefined when there is no such process.
 * @param {number} pid
 */
export function processIdentity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold anything, also spaces and parentheses: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${pid}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** @param {string | undefined} identity as processIdentity gave it */
export function isAlive(identity) {
  return identity !== undefined && processIdentity(pidOf(identity)) === identity;
}

/** @param {string} identity */
export function pidOf(identity) {
  return Number(identity.split('/')[1]);
}

/**
 * Returns whether process `pid` has `folder` as its working directory, which identifies a Postgres of ours.
 * @param {number} pid
 * @param {string} folder
 */
export function worksIn(pid, folder) {
  try {
    const cwd = statSync(`/proc/${pid}/cwd`);
    const own = statSync(folder);
    return cwd.ino === own.ino && cwd.dev === own.dev && readlinkSync(`/proc/${pid}/exe`).includes('postgres');
  } catch {
    return false;
  }
}

/**
 * Waits until `gone()` holds. Answers whether it did within `limitMs`.
 * @param {() => boolean} gone
 * @param {number} limitMs
 */
export async function waitUntil(gone, limitMs) {
  const end = Date.now() + limitMs;
  while (!gone()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}
