import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.mjs';

const installBytes = 3_000_000_000;
/** Below this Postgres may not even be able to write the log that recovery needs. */
const startBytes = 200_000_000;

/** Two segments of the write-ahead log and the log's own lines: below this Postgres can't recover. */
const recoveryBytes = 48_000_000;

/** Returns whether the disk has room for this Postgres to recover from a crash. @param {string} home */
export function canRecover(home) {
  const wal = join(home, 'postgres/pg_wal');
  return [home, wal].every((folder) => freeBytes(folder) >= recoveryBytes);
}

/** @param {string} folder need not exist yet */
function freeBytes(folder) {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
}

const inGigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

/** Throws a Failure when there is too little room for packages and build. @param {string} folder */
export function checkRoomToInstall(folder) {
  const free = freeBytes(folder);
  if (free < installBytes)
    throw new Failure(
      `Only ${inGigabytes(free)} are free at ${folder} and the first start needs ${inGigabytes(installBytes)}: free some, then start again.`,
    );
}

/** Makes the data folder and throws a Failure when it can't be written or has no room. @param {string} folder */
export function prepareDataFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Failure(
      `The data folder ${folder} can't be made (${error.code}): set DATA_DIR to a folder you may write.`,
    );
  }
  const free = freeBytes(folder);
  if (free < startBytes)
    throw new Failure(
      `The disk is full: only ${inGigabytes(free)} are free at ${folder}; free some, or set DATA_DIR to a folder on another disk, then start again.`,
    );
}
