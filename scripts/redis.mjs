// The Redis of npm run cluster: in memory only, on the loopback interface, with a password of its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';
import { boundLog } from './log-file.mjs';
import { freePort } from './postgres.mjs';
import { waitUntil } from './process-identity.mjs';

const maxLogBytes = 1_000_000;
const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;
const maxAttempts = 5;

/** Nothing is kept on disk, and keys may be thrown away at any time. */
const settings = {
  bind: '127.0.0.1',
  save: '""',
  appendonly: 'no',
  maxmemory: '64mb',
  'maxmemory-policy': 'allkeys-lru',
};

/** Returns the path of redis-server. Throws a Failure that says how to get it. */
export function findRedis() {
  const found = findProgram('redis-server');
  if (found) return found;
  throw new Failure(
    'redis-server is missing: install it with "apt-get install -y redis-server" (Debian, Ubuntu) or "brew install redis", or set REDIS_URL.',
  );
}

/** Returns the path of a program in PATH, or undefined. @param {string} name */
function findProgram(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Redis on one port for as long as everything runs, so that the nodes find it again.
 * @param {object} options
 * @param {string} options.home data folder; Redis writes only its log there
 * @param {{ record: (name: string, pid: number) => void }} options.instance
 * @param {{ heal: (what: string, again: () => Promise<void>) => Promise<void> }} options.problems
 */
export function serveRedis({ home, instance, problems }) {
  const password = randomBytes(24).toString('hex');
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let current;
  let port;
  let isStopping = false;
  const start = async () => {
    const child = await launch({ home, password, port, onSpawn: (pid) => instance.record('redis', pid) });
    current = child.process;
    port = child.port;
    current.once('exit', () => !isStopping && void problems.heal('Redis', start));
  };
  return {
    start,
    get url() {
      return `redis://:${password}@127.0.0.1:${port}`;
    },
    get address() {
      return `127.0.0.1:${port}`;
    },
    get pid() {
      return current?.pid;
    },
    stop: async () => {
      isStopping = true;
      const isOver = () => !current || current.exitCode !== null || current.signalCode !== null;
      if (!isOver()) current.kill('SIGTERM');
      if (!(await waitUntil(isOver, stopTimeoutMs))) current.kill('SIGKILL');
      await waitUntil(isOver, stopTimeoutMs);
    },
  };
}

/** Starts redis-server and waits until it accepts connections. */
async function launch({ home, password, port: wantedPort, onSpawn }) {
  const program = findRedis();
  // The kernel ends it with this process, also after a kill -9.
  const setpriv = findProgram('setpriv');
  const withParent = setpriv ? [setpriv, '--pdeathsig', 'TERM'] : [];
  const folder = join(home, 'redis');
  const log = join(home, 'redis.log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt++) {
    const port = wantedPort ?? (await freePort());
    const releaseLog = boundLog(log, maxLogBytes);
    const output = openSync(log, 'a', 0o600);
    const from = statSync(log).size;
    const [command, ...parameters] = [...withParent, program, '-'];
    // A group of its own, so that Ctrl-C at the terminal reaches the nodes first.
    const child = spawn(command, parameters, { detached: true, stdio: ['pipe', output, output] });
    closeSync(output);
    child.once('exit', releaseLog);
    onSpawn(child.pid);
    const all = { ...settings, port: String(port), dir: JSON.stringify(folder), requirepass: password };
    child.stdin.on('error', () => undefined);
    // By standard input: the password stands in no list of processes.
    child.stdin.end(
      Object.entries(all)
        .map(([name, value]) => `${name} ${value}\n`)
        .join(''),
    );
    const isOver = () => child.exitCode !== null || child.signalCode !== null;
    const said = () => readFileSync(log).subarray(from).toString();
    const isReady = () => said().includes('Ready to accept connections');
    await waitUntil(() => isOver() || isReady(), startTimeoutMs);
    if (!isOver() && isReady()) return { process: child, port };
    child.kill('SIGKILL');
    // Another program may have taken the port meanwhile.
    if (attempt === maxAttempts || !said().includes('Address already in use'))
      throw new Failure(`Redis did not start: its log is ${log}.`);
  }
}
