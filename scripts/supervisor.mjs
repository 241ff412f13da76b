// Runs Postgres and the server on one data folder, brings back what ends by itself, and stops both in order: the
// server first, so that what it has accepted is stored.
import { join } from 'node:path';
import { checkAddress, startApi, stopApi } from './api.mjs';
import { prepareDataFolder } from './disk.mjs';
import { Failure } from './failure.mjs';
import { haltOnSignals } from './halt.mjs';
import { claim } from './instance.mjs';
import { freePort, keepPostgres } from './postgres.mjs';
import { processIdentity } from './process-identity.mjs';
import { complain, faint, say } from './terminal.mjs';

/** Limit of restarts: a program that ends more often is not started again. */
const restarts = { atMost: 5, withinMs: 60_000 };

/**
 * Runs Postgres and one server until a signal, or until something can't go on. Answers the exit code.
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env
 * @param {string} options.dataDir
 * @param {(signal: AbortSignal) => Promise<void>} options.prepare what must be there before anything runs
 * @param {(url: string, control: { restartApi: () => Promise<void> }) => void} options.ready called once, when people can come
 */
export function run({ ready, ...options }) {
  return supervise({
    ...options,
    command: 'npm start',
    serve: async ({ host, port, serveApi, onStop }) => {
      const api = serveApi({ name: 'The server', log: 'server.log', env: { HOST: host, PORT: String(port) } });
      onStop(api.stop);
      const url = await api.start();
      return { url, ready: () => ready(url, { restartApi: api.restart }) };
    },
  });
}

/**
 * @typedef {object} Supervision
 * @property {string} host
 * @property {number} port
 * @property {Awaited<ReturnType<typeof claim>>} instance
 * @property {Problems} problems
 * @property {AbortSignal} signal aborted when the stop is requested
 * @property {(options: { name: string, log: string, env: Record<string, string> } & ApiEvents) => ReturnType<typeof serveApi>} serveApi
 *   makes a server on the data folder and the database; `log` is a file of the data folder
 * @property {(stop: () => Promise<unknown>) => void} onStop steps of the stop; the last one runs first
 *
 * @typedef {object} ApiEvents
 * @property {(url: string, pid: number) => void} [onReady] at each start
 * @property {() => void} [onEnd] at each end, also one that was asked for
 */

/**
 * Claims the data folder, runs Postgres and whatever `serve` starts until a signal, or until something can't go on, and
 * stops all of it in reverse order. Answers the exit code.
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env
 * @param {string} options.dataDir
 * @param {string} options.command what the person at the terminal has typed
 * @param {(signal: AbortSignal) => Promise<void>} options.prepare what must be there before anything runs
 * @param {(supervision: Supervision) => Promise<{ url: string, ready: () => void }>} options.serve
 * @param {() => void} [options.stopAtOnce] called when Ctrl-C is pressed again
 */
export async function supervise({ env, dataDir, command, prepare, serve, stopAtOnce }) {
  const port = Number(env.PORT ?? 3000);
  const host = env.HOST ?? '127.0.0.1';
  const halt = haltOnSignals(stopAtOnce);
  /** @type {Awaited<ReturnType<typeof claim>> | undefined} */
  let instance;
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  try {
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Failure(`PORT=${env.PORT} is not a port: give a number from 1 to 65535.`);
    prepareDataFolder(dataDir);
    instance = await claim(dataDir);
    await checkAddress(host, port, command);
    await prepare(halt.signal);
    halt.signal.throwIfAborted();

    const problems = new Problems();
    /** @type {ReturnType<typeof servePostgres> | undefined} */
    let postgres;
    if (!env.DATABASE_URL) {
      postgres = servePostgres({ home: dataDir, instance, problems });
      stops.unshift(postgres.stop);
      await postgres.start();
      halt.signal.throwIfAborted();
    }
    const { url, ready } = await serve({
      host,
      port,
      instance,
      problems,
      signal: halt.signal,
      serveApi: ({ log, env: own, ...options }) =>
        serveApi({
          ...options,
          env: { ...env, DATA_DIR: dataDir, DATABASE_URL: env.DATABASE_URL ?? postgres?.url, ...own },
          log: join(dataDir, log),
          instance,
          problems,
          onSpawn: (pid) => postgres?.stopAfter(pid),
        }),
      onStop: (stop) => stops.unshift(stop),
    });
    halt.signal.throwIfAborted();
    instance.update({ url });
    ready();
    await Promise.race([halt.requested, problems.first]);
    return 0;
  } catch (error) {
    if (halt.isRequested) return 0;
    complain(error, dataDir);
    return 1;
  } finally {
    if (halt.isRequested) say('Stopping …');
    for (const stop of stops) await stop();
    instance?.release();
    if (halt.isRequested) say('Stopped.');
    halt.release();
  }
}

/** Collects what can't be healed, and decides when that is. */
class Problems {
  /** Times at which each program ended. @type {Map<string, number[]>} */
  #ends = new Map();
  #reject = () => undefined;
  /** Rejects with the first problem that ends everything. */
  first = new Promise((_, reject) => (this.#reject = reject));

  constructor() {
    // It may come before anyone waits for it.
    this.first.catch(() => undefined);
  }

  /** Runs `again` after something ended by itself, unless that happens too often. */
  async heal(what, again) {
    const now = Date.now();
    const ends = [...(this.#ends.get(what) ?? []).filter((at) => at > now - restarts.withinMs), now];
    this.#ends.set(what, ends);
    try {
      if (ends.length > restarts.atMost)
        throw new Failure(`${what} keeps ending by itself: see the logs in the data folder.`);
      say(faint(`${what} ended by itself; starting it again …`));
      await again();
    } catch (error) {
      this.#reject(error);
    }
  }
}

/** Postgres on one port for as long as everything runs, so that the server finds it again. */
function servePostgres({ home, instance, problems }) {
  /** @type {Awaited<ReturnType<typeof keepPostgres>> | undefined} */
  let current;
  let port;
  /** @type {Set<number>} */
  const applications = new Set();
  let isStopping = false;
  const start = async () => {
    port ??= await freePort();
    current = await keepPostgres({ home, port });
    instance.record('postgres', current.keeper.pid);
    for (const pid of applications) current.stopAfter(pid);
    current.keeper.once('exit', () => !isStopping && void problems.heal('PostgreSQL', start));
  };
  return {
    start,
    get url() {
      return current?.url;
    },
    /** @param {number} pid a server, which must have ended before Postgres does */
    stopAfter: (pid) => {
      for (const each of applications) if (!processIdentity(each)) applications.delete(each);
      applications.add(pid);
      current?.stopAfter(pid);
    },
    stop: async () => {
      isStopping = true;
      await current?.stop();
    },
  };
}

/** @param {ApiEvents & Record<string, any>} options */
function serveApi({ name, env, log, instance, problems, onSpawn, onReady, onEnd }) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let current;
  let isStopping = false;
  const start = async () => {
    const { child, url } = await startApi({
      env,
      log,
      onSpawn: (spawned) => {
        current = spawned;
        instance.record(name, spawned.pid);
        onSpawn(spawned.pid);
        if (onEnd) spawned.once('exit', onEnd);
      },
    });
    child.once('exit', () => !isStopping && child === current && void problems.heal(name, start));
    onReady?.(url, child.pid);
    return localAddress(url);
  };
  const stop = async () => {
    const child = current;
    current = undefined;
    if (child) await stopApi(child);
  };
  return {
    start,
    restart: async () => {
      await stop();
      if (!isStopping) await start();
    },
    stop: async () => {
      isStopping = true;
      await stop();
    },
    /** Ends it without a drain, now and for good. What it has acknowledged is stored. */
    kill: () => {
      isStopping = true;
      current?.kill('SIGKILL');
    },
  };
}

/** Returns the address that a person on this machine types. @param {string} url */
export function localAddress(url) {
  return url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])/, '//localhost');
}
