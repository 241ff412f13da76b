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
 * Runs everything until a signal, or until something can't go on. Answers the exit code.
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env
 * @param {string} options.dataDir
 * @param {(signal: AbortSignal) => Promise<void>} options.prepare what must be there before anything runs
 * @param {(url: string, control: { restartApi: () => Promise<void> }) => void} options.ready called once, when people can come
 */
export async function run({ env, dataDir, prepare, ready }) {
  const port = Number(env.PORT ?? 3000);
  const host = env.HOST ?? '127.0.0.1';
  const halt = haltOnSignals();
  /** @type {Awaited<ReturnType<typeof claim>> | undefined} */
  let instance;
  /** @type {ReturnType<typeof servePostgres> | undefined} */
  let postgres;
  /** @type {ReturnType<typeof serveApi> | undefined} */
  let api;
  try {
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Failure(`PORT=${env.PORT} is not a port: give a number from 1 to 65535.`);
    prepareDataFolder(dataDir);
    instance = await claim(dataDir);
    await checkAddress(host, port);
    await prepare(halt.signal);
    halt.signal.throwIfAborted();

    const problems = new Problems();
    if (!env.DATABASE_URL) {
      postgres = servePostgres({ home: dataDir, instance, problems });
      await postgres.start();
      halt.signal.throwIfAborted();
    }
    const log = join(dataDir, 'server.log');
    const apiEnv = {
      ...env,
      PORT: String(port),
      HOST: host,
      DATA_DIR: dataDir,
      DATABASE_URL: env.DATABASE_URL ?? postgres?.url,
    };
    api = serveApi({ env: apiEnv, log, instance, problems, onSpawn: (pid) => postgres?.stopAfter(pid) });
    const url = await api.start();
    halt.signal.throwIfAborted();
    ready(url, { restartApi: api.restart });
    await Promise.race([halt.requested, problems.first]);
    return 0;
  } catch (error) {
    if (halt.isRequested) return 0;
    complain(error, dataDir);
    return 1;
  } finally {
    if (halt.isRequested) say('Stopping …');
    await api?.stop();
    await postgres?.stop();
    instance?.release();
    if (halt.isRequested) say('Stopped.');
    halt.release();
  }
}

/** Collects what can't be healed, and decides when that is. */
class Problems {
  #ends = [];
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
    this.#ends = [...this.#ends.filter((at) => at > now - restarts.withinMs), now];
    try {
      if (this.#ends.length > restarts.atMost)
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
  let application;
  let isStopping = false;
  const start = async () => {
    port ??= await freePort();
    current = await keepPostgres({ home, port });
    instance.update({ keeper: processIdentity(current.keeper.pid) });
    if (application) current.stopAfter(application);
    current.keeper.once('exit', () => !isStopping && void problems.heal('PostgreSQL', start));
  };
  return {
    start,
    get url() {
      return current?.url;
    },
    /** @param {number} pid the server, which must have ended before Postgres does */
    stopAfter: (pid) => {
      application = pid;
      current?.stopAfter(pid);
    },
    stop: async () => {
      isStopping = true;
      await current?.stop();
    },
  };
}

function serveApi({ env, log, instance, problems, onSpawn }) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let current;
  let isStopping = false;
  const start = async () => {
    const { child, url } = await startApi({
      env,
      log,
      onSpawn: (spawned) => {
        current = spawned;
        instance.update({ api: processIdentity(spawned.pid) });
        onSpawn(spawned.pid);
      },
    });
    const address = url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])/, '//localhost');
    instance.update({ url: address });
    child.once('exit', () => !isStopping && child === current && void problems.heal('The server', start));
    return address;
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
  };
}
