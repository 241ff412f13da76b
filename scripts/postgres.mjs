// The PostgreSQL that npm brings along: made, recovered, started and stopped here. Nothing but Node is needed.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetEpoch, identityFile } from './epoch.mjs';
import { Failure } from './failure.mjs';
import { boundLog } from './log-file.mjs';
import { findPrograms, release } from './postgres-programs.mjs';
import { waitUntil, worksIn } from './process-identity.mjs';

/** The application's role and database: it owns its database and nothing else, and no superuser can log in. */
const role = 'cloudhop';
const maxLogBytes = 5_000_000;

/** Durability stays at Postgres' defaults (fsync, full_page_writes, synchronous_commit on): the API refuses others. */
const settings = {
  listen_addresses: '127.0.0.1',
  // No socket file: its folder would have to be one that every user of this machine can reach.
  unix_socket_directories: '',
  timezone: 'UTC',
  log_checkpoints: 'off',
  // A failed statement's error quotes what somebody typed, so only the application logs it, by its code.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
};

/** @typedef {import('./postgres-programs.mjs').Account} Account */
/** @typedef {import('./postgres-programs.mjs').Programs} Programs */

/**
 * Returns the options that every program of Postgres runs with. Its working directory is the data folder, entered
 * before the user is changed, and named as /proc/self/cwd: so the folders above need not be open to that user.
 * @param {Account} account
 * @param {string} folder
 */
function inFolder(account, folder) {
  return { ...account, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } };
}

/**
 * Makes a cluster in `folder` with the application's role and database, all or nothing.
 * @param {Programs} programs
 * @param {string} folder must not exist yet
 * @param {{ password: string, createsDatabases?: boolean, walFolder?: string }} options
 *   walFolder: where the write-ahead log goes, an empty folder that is this user's to give away
 */
function createCluster({ programs, account }, folder, { password, createsDatabases = false, walFolder }) {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const own of [unfinished, walFolder])
    if (own !== undefined && account.uid !== undefined) chownSync(own, account.uid, account.gid ?? account.uid);
  const made = spawnSync(
    join(programs, 'bin/initdb'),
    [
      '--pgdata=/proc/self/cwd',
      ...(walFolder === undefined ? [] : [`--waldir=${walFolder}`]),
      '--username=postgres',
      // Replaced below, before anything listens.
      '--auth=trust',
      '--encoding=UTF8',
      // The built-in locale sorts the same on every machine.
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...inFolder(account, unfinished), encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  writeFileSync(join(unfinished, 'pg_hba.conf'), `host all ${role} 127.0.0.1/32 scram-sha-256\n`);
  runAlone({ programs, account }, unfinished, [
    `CREATE ROLE ${role} LOGIN ${createsDatabases ? 'CREATEDB' : ''} PASSWORD '${password}';`,
    `CREATE DATABASE ${role} OWNER ${role};`,
  ]);
  renameSync(unfinished, folder);
}

/**
 * Runs SQL on a cluster that is not running.
 * @param {Pick<Programs, 'programs' | 'account'>} programs
 * @param {string} folder
 * @param {string[]} statements one line each
 * @param {string} [database]
 */
function runAlone({ programs, account }, folder, statements, database = 'postgres') {
  const ran = spawnSync(
    join(programs, 'bin/postgres'),
    ['--single', '-D', '/proc/self/cwd', '-c', 'exit_on_error=true', database],
    {
      ...inFolder(account, folder),
      input: `${statements.join('\n')}\n`,
      encoding: 'utf8',
    },
  );
  if (ran.status !== 0) throw new Error(`Postgres could not be set up: ${ran.stderr}`);
}

/**
 * The password of the application's role, kept in `file` for its owner only; made when there is none.
 * @param {string} file
 */
function readPassword(file) {
  if (existsSync(file)) {
    const password = readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f]{48}$/.test(password)) return { password, isNew: false };
  }
  const password = randomBytes(24).toString('hex');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return { password, isNew: true };
}

/**
 * Clears the way for a start in `folder`: an orphan that still runs is asked to stop and waited for, and a lock file
 * whose process has gone (or whose pid now belongs to another program) is removed.
 * @param {string} folder
 */
async function clearTheWay(folder) {
  const lock = join(folder, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (pid > 0 && worksIn(pid, folder)) {
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        process.kill(pid, signal);
      } catch {
        // It went by itself in this moment.
      }
    };
    stop('SIGINT');
    if (await waitUntil(() => !worksIn(pid, folder), 20_000)) return;
    stop('SIGQUIT');
    if (!(await waitUntil(() => !worksIn(pid, folder), 10_000)))
      throw new Failure(
        `An older PostgreSQL (process ${pid}) does not stop: end it with "kill -9 ${pid}" and start again.`,
      );
  } else rmSync(lock, { force: true });
}

/**
 * Returns what tells a cluster from its copies: inodes of files that Postgres never makes anew. A copy that is written
 * over PG_VERSION keeps the inode and changes the ctime; one that leaves it alone, as rsync does, replaces pg_control.
 * @param {string} folder
 */
function identityOf(folder) {
  const version = statSync(join(folder, 'PG_VERSION'));
  const control = statSync(join(folder, 'global/pg_control'));
  return JSON.stringify({ version: [version.ino, version.ctimeMs], control: control.ino });
}

/**
 * Makes a new epoch in a cluster that is a copy: everything inside is as in the original, but it may be older than what
 * clients have seen.
 * @param {Programs} programs
 * @param {string} folder
 * @param {string} file holds the identity of the cluster that ran last
 */
function markCopy(programs, folder, file) {
  const identity = identityOf(folder);
  if (existsSync(file) && readFileSync(file, 'utf8') === identity) return;
  runAlone(
    programs,
    folder,
    [`do $$ begin if to_regclass('timelines') is not null then ${forgetEpoch}; end if; end $$;`],
    role,
  );
  writeFileSync(file, identity, { mode: 0o600 });
}

/** A TCP port of this machine that nothing uses now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/**
 * Starts Postgres in this process' care, making the cluster first when there is none. Use `keepPostgres` to have it
 * outlive a kill of the caller by no more than its own shutdown.
 * @param {{ home: string, port?: number, extraSettings?: Record<string, string>, createsDatabases?: boolean, walFolder?: string }} options
 *   home: folder for the cluster, its log and its password; port: any free one by default
 */
export async function startPostgres({
  home,
  port: wantedPort,
  extraSettings = {},
  createsDatabases = false,
  walFolder,
}) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const programs = findPrograms();
  try {
    const folder = join(home, 'postgres');
    const log = join(home, 'postgres.log');
    const { password, isNew } = readPassword(join(home, 'postgres-password'));
    await clearTheWay(folder);
    if (!existsSync(folder)) {
      createCluster(programs, folder, { password, createsDatabases, walFolder });
      writeFileSync(join(home, identityFile), identityOf(folder), { mode: 0o600 });
    } else {
      if (isNew) runAlone(programs, folder, [`ALTER ROLE ${role} PASSWORD '${password}';`]);
      markCopy(programs, folder, join(home, identityFile));
    }
    // Backends of a killed server need a moment to notice; until then their memory bars the way.
    for (let attempt = 1; ; attempt++) {
      const port = wantedPort ?? (await freePort());
      const child = launch(programs, folder, log, { ...settings, ...extraSettings, port: String(port) });
      const problem = await becomeReady(child, folder, log);
      if (!problem)
        return {
          url: `postgres://${role}:${password}@127.0.0.1:${port}/${role}`,
          child,
          release: () => release(programs),
        };
      if (attempt === 20 || !/shared memory block|could not bind|lock file/.test(problem))
        throw new Failure(`PostgreSQL did not start: ${problem} The whole log is in ${log}.`);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await clearTheWay(folder);
    }
  } catch (error) {
    release(programs);
    throw error;
  }
}

/**
 * @param {Programs} programs
 * @param {string} folder
 * @param {string} log
 * @param {Record<string, string>} all
 */
function launch({ programs, account }, folder, log, all) {
  const releaseLog = boundLog(log, maxLogBytes);
  const output = openSync(log, 'a', 0o600);
  try {
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(programs, 'bin/postgres'), ['-D', '/proc/self/cwd', ...flags], {
      ...inFolder(account, folder),
      // A group of its own, so that Ctrl-C at the terminal reaches the application first.
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.once('exit', releaseLog);
    return child;
  } finally {
    closeSync(output);
  }
}

/**
 * Waits until Postgres accepts connections. Answers what went wrong when it ends instead.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} folder
 * @param {string} log
 * @returns {Promise<string | undefined>}
 */
async function becomeReady(child, folder, log) {
  const from = statSync(log).size;
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const isReady = () => {
    try {
      const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
      return Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready';
    } catch {
      return false;
    }
  };
  // Recovery after a crash may replay a gigabyte.
  await waitUntil(() => isOver() || isReady(), 180_000);
  if (!isOver() && isReady()) return undefined;
  child.kill('SIGQUIT');
  const said = readFileSync(log).subarray(from).toString();
  return (
    said
      .split('\n')
      .filter((line) => /FATAL|PANIC|ERROR/.test(line))
      .pop()
      ?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? 'it did not get ready in time.'
  );
}

/**
 * Stops a Postgres of this process: connections are closed, nothing is lost.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stopPostgres(child) {
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  if (!isOver()) child.kill('SIGINT');
  if (!(await waitUntil(isOver, 30_000))) child.kill('SIGQUIT');
  await waitUntil(isOver, 5_000);
}

/**
 * Runs Postgres in a keeper: a process that stops it as soon as the caller stops or dies, however that happens.
 * @param {{ home: string, port?: number, extraSettings?: Record<string, string>, createsDatabases?: boolean, walFolder?: string, removeHome?: boolean }} options
 *   removeHome: delete the whole home afterwards (tests)
 * @returns {Promise<{ url: string, keeper: import('node:child_process').ChildProcess, stopAfter: (pid: number) => void, stop: () => Promise<void> }>}
 */
export async function keepPostgres(options) {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('./postgres-keeper.mjs', import.meta.url))], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const over = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.send({ type: 'start', options });
  const first = await new Promise((resolve, reject) => {
    keeper.once('message', resolve);
    keeper.once('error', reject);
    keeper.once('exit', () => reject(new Error('The process that runs PostgreSQL ended at once.')));
  });
  if (first.type === 'failed') {
    keeper.disconnect();
    await over;
    throw new Failure(first.sentence);
  }
  keeper.removeAllListeners('exit');
  const ended = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.unref();
  keeper.channel?.unref();
  return {
    url: first.url,
    keeper,
    stopAfter: (pid) => keeper.connected && keeper.send({ type: 'stopAfter', pid }),
    stop: async () => {
      keeper.ref();
      if (keeper.connected) keeper.disconnect();
      await ended;
    },
  };
}
