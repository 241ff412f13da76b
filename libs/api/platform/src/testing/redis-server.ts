import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const runProgram = promisify(execFile);

const startTimeoutMs = 10_000;
const clusterTimeoutMs = 20_000;
const cliTimeoutMs = 10_000;
const maxAttempts = 5;
const slots = 16_384;

/** A redis-server of this test alone, on a free port of the loopback interface. It persists nothing. */
export interface RedisServer {
  /** redis://127.0.0.1:port, with the password if there is one. */
  readonly url: string;
  /** The same over restarts. */
  readonly port: number;
  /** Process id; another one after a restart. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** Ends it at once (SIGKILL). All keys are lost. */
  kill(): Promise<void>;
  /** Stops it from running (SIGSTOP): connections stay open, and nothing answers. */
  pause(): void;
  resume(): void;
  /** Kills it if it runs, and starts it again on its port, empty. */
  restart(): Promise<void>;
  /** Runs a command by redis-cli. Returns the reply as text; rejects with an error reply. */
  cli(...command: (string | number)[]): Promise<string>;
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Password of the default user; none by default. */
  password?: string;
  /** Any free port by default. */
  port?: number;
  /** Starts it in cluster mode, without slots. `startRedisCluster` starts a whole cluster. */
  cluster?: boolean;
  /** More directives of redis.conf, for example `{ maxmemory: '2mb' }`. */
  config?: Record<string, string>;
}

/** Cluster of redis-servers on the loopback interface. */
export interface RedisCluster {
  /** redis-cluster:// with all primaries of the start. */
  readonly url: string;
  /** Each has a third of the slots (of three), in their order. */
  readonly primaries: readonly RedisServer[];
  /** `replicas` of each primary, in the order of the primaries. */
  readonly replicas: readonly RedisServer[];
  /** Moves a slot with its keys while the cluster is in use. */
  moveSlot(slot: number, from: RedisServer, to: RedisServer): Promise<void>;
  /** Returns the running server that has the slot, by the view of the others; undefined during a failover. */
  ownerOf(slot: number): Promise<RedisServer | undefined>;
  stop(): Promise<void>;
}

const running = new Set<RedisServer>();

/** Stops all servers that are still running. In Jest that happens after each spec file. */
export async function stopAllRedis(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

// The lab has no Jest.
if (typeof afterAll === 'function') afterAll(stopAllRedis);

/** Starts a redis-server and waits until it accepts connections. It ends with this process, however that ends. */
export async function startRedis({
  password,
  port: wantedPort,
  cluster = false,
  config = {},
}: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-redis-'));
  const directives = (port: number, busPort: number) => ({
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '""',
    appendonly: 'no',
    'repl-diskless-sync-delay': '0',
    ...(password !== undefined && { requirepass: quote(password), masterauth: quote(password) }),
    ...(cluster && {
      'cluster-enabled': 'yes',
      'cluster-node-timeout': '2000',
      'cluster-port': String(busPort),
    }),
    ...config,
  });
  let [port, busPort] = [wantedPort ?? (await freePort()), cluster ? await freePort() : 0];
  let child: ChildProcess;
  for (let attempt = 1; ; attempt++) {
    try {
      child = await launch(directives(port, busPort));
      break;
    } catch (error) {
      if (attempt === maxAttempts || !/Address already in use/.test(String(error))) {
        rmSync(folder, { recursive: true, force: true });
        throw error;
      }
      // Another process has taken the port meanwhile.
      [port, busPort] = [wantedPort ?? (await freePort()), cluster ? await freePort() : 0];
    }
  }
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals) => {
    if (!child.kill(name)) throw new Error('this redis-server is not running');
  };
  const server: RedisServer = {
    url: `redis://${loginOf(password)}127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid!;
    },
    get isRunning() {
      return isRunning();
    },
    kill: async () => {
      if (!isRunning()) return;
      const over = once(child, 'exit');
      child.kill('SIGKILL');
      await over;
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    restart: async () => {
      await server.kill();
      child = await launch(directives(port, busPort));
    },
    cli: async (...command) => {
      const { stdout } = await runProgram(
        'redis-cli',
        ['-e', '-h', '127.0.0.1', '-p', String(port), ...command.map(String)],
        { timeout: cliTimeoutMs, env: { ...process.env, ...(password !== undefined && { REDISCLI_AUTH: password }) } },
      ).catch((error: Error & { stderr?: string; stdout?: string }) => {
        throw new Error(`redis-cli ${command.join(' ')}: ${error.stderr?.trim() || error.message}`, { cause: error });
      });
      return stdout.trimEnd();
    },
    stop: async () => {
      running.delete(server);
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  running.add(server);
  return server;
}

/**
 * Starts `primaries` servers that share all slots, each with `replicas` replicas, and waits until all of them see the
 * whole cluster. A primary that fails is replaced by a replica after 2 to 5 s.
 */
export async function startRedisCluster(
  primaryCount = 3,
  {
    replicas: replicasEach = 0,
    password,
    config,
  }: Omit<RedisServerOptions, 'port' | 'cluster'> & { replicas?: number } = {},
): Promise<RedisCluster> {
  const all = await Promise.all(
    Array.from({ length: primaryCount * (1 + replicasEach) }, () => startRedis({ password, config, cluster: true })),
  );
  const primaries = all.slice(0, primaryCount);
  const replicas = all.slice(primaryCount);
  const stop = async () => void (await Promise.all(all.map((server) => server.stop())));
  const ids = new Map<RedisServer, string>();
  try {
    for (const server of all) ids.set(server, await server.cli('CLUSTER', 'MYID'));
    for (const [n, server] of all.entries()) await server.cli('CLUSTER', 'SET-CONFIG-EPOCH', n + 1);
    for (const [n, server] of primaries.entries())
      await server.cli('CLUSTER', 'ADDSLOTSRANGE', firstSlot(n, primaryCount), firstSlot(n + 1, primaryCount) - 1);
    const [first, ...others] = all;
    for (const server of others) {
      const [, busPort] = (await server.cli('CONFIG', 'GET', 'cluster-port')).split('\n');
      await first!.cli('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort!);
    }
    await eventually('all nodes know each other', async () => {
      const infos = await Promise.all(all.map((server) => server.cli('CLUSTER', 'INFO')));
      return infos.every((info) => info.includes(`cluster_known_nodes:${all.length}`) && info.includes('state:ok'));
    });
    for (const [n, replica] of replicas.entries())
      await replica.cli('CLUSTER', 'REPLICATE', ids.get(primaries[Math.floor(n / replicasEach)]!)!);
    await eventually('all nodes see the replicas', async () => {
      const views = await Promise.all(all.map((server) => server.cli('CLUSTER', 'NODES')));
      const links = await Promise.all(replicas.map((replica) => replica.cli('INFO', 'replication')));
      return (
        views.every((view) => view.match(/\bslave\b/g)?.length === (replicas.length || undefined)) &&
        links.every((link) => link.includes('master_link_status:up'))
      );
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis-cluster://${loginOf(password)}${primaries.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    primaries,
    replicas,
    moveSlot: async (slot, from, to) => {
      const [fromId, toId] = [ids.get(from)!, ids.get(to)!];
      await to.cli('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
      await from.cli('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
      const login = password === undefined ? [] : ['AUTH', password];
      for (;;) {
        const keys = (await from.cli('CLUSTER', 'GETKEYSINSLOT', slot, 100)).split('\n').filter(Boolean);
        if (keys.length === 0) break;
        await from.cli('MIGRATE', '127.0.0.1', to.port, '', 0, 5000, ...login, 'KEYS', ...keys);
      }
      // The new owner first: until then the old one answers with redirections to it.
      for (const server of [to, from, ...all.filter((each) => each !== to && each !== from && each.isRunning)])
        // Replicas learn it from their primary.
        if (!replicas.includes(server)) await server.cli('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    },
    ownerOf: async (slot) => {
      const alive = all.filter(({ isRunning }) => isRunning);
      const view = await alive[0]!.cli('CLUSTER', 'NODES');
      const id = view
        .split('\n')
        .map((line) => line.split(' '))
        .find(
          ([, , flags, , , , , , ...ranges]) => !flags!.includes('fail') && ranges.some((range) => has(range, slot)),
        )?.[0];
      return alive.find((server) => ids.get(server) === id);
    },
    stop,
  };
}

/** Returns true for a word of CLUSTER NODES like 0-5460 or 5461 that names the slot. */
function has(range: string, slot: number): boolean {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  return first !== undefined && slot >= Number(first) && slot <= Number(last ?? first);
}

const firstSlot = (n: number, count: number) => Math.floor((n * slots) / count);

const loginOf = (password: string | undefined) => (password === undefined ? '' : `:${encodeURIComponent(password)}@`);

const quote = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`;

async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + clusterTimeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${clusterTimeoutMs} ms waiting until ${what}`);
    await wait(50);
  }
}

async function launch(directives: Record<string, string>): Promise<ChildProcess> {
  if (!isInstalled('redis-server')) throw new Error('redis-server is missing: apt-get install -y redis-server');
  // The kernel ends it with this process, also after a kill -9.
  const withParent = isInstalled('setpriv') ? ['setpriv', '--pdeathsig', 'KILL'] : [];
  // The configuration comes by standard input: no password stands in a list of processes.
  const [program, ...parameters] = [...withParent, 'redis-server', '-'];
  const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(
    Object.entries(directives)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`redis-server ${why}:\n${output}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not ready after ${startTimeoutMs} ms`);
    }, startTimeoutMs);
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (!/Ready to accept connections/.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    // After its output has been read to the end.
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal}`);
    });
  });
  for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data').resume();
  return child;
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
