import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';

/** Former logs that are kept: FILE.1 is the latest. */
const kept = 2;
const lookEveryMs = 1_000;

/**
 * Bounds a log that other processes have open for appending: what is in it moves to FILE.1 once it is larger than
 * `maxBytes`. No process must be told, because the file stays the same. Returns what ends it.
 * @param {string} file
 * @param {number} maxBytes
 */
export function boundLog(file, maxBytes) {
  const look = () => {
    try {
      if (existsSync(file) && statSync(file).size > maxBytes) moveContent(file);
    } catch {
      // It is tried again; a log must not end what it tells of.
    }
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** @param {string} file */
function moveContent(file) {
  for (let n = kept; n > 1; n--) if (existsSync(`${file}.${n - 1}`)) renameSync(`${file}.${n - 1}`, `${file}.${n}`);
  try {
    copy(file, `${file}.1`);
  } catch (error) {
    if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
    // Room is worth more than the former lines.
    for (let n = 1; n <= kept; n++) rmSync(`${file}.${n}`, { force: true });
  }
  truncateSync(file, 0);
}

/**
 * Copies also what is written meanwhile, so that hardly a line can come between the copy and the end of the file.
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  const source = openSync(from, 'r');
  const target = openSync(to, 'w', 0o600);
  try {
    const buffer = Buffer.alloc(1024 * 1024);
    for (let read; (read = readSync(source, buffer)) > 0;)
      for (let written = 0; written < read;) written += writeSync(target, buffer, written, read - written);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
