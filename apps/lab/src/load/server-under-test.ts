import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { childrenOf, cpuOf, cpuOfTree, pin, pssKib, rssKib, serverCore, statOf } from './processes';

/** CPU milliseconds so far. */
interface Cpu {
  serverMs: number;
  /** Of the database; 0 where there is none. */
  postgresMs: number;
}

/** A server in a process of its own, whose CPU and memory the operating system counts. */
export interface ServerUnderTest {
  url: string;
  cpu(): Cpu;
  rssKib(): number;
  postgresKib(): number;
  isAlive(): boolean;
  /** Ends it at once (SIGKILL). */
  kill(): void;
  stop(): Promise<void>;
}

export type ServerKind = 'cloudhop' | 'socket.io' | 'ws';

export const serverNames: Record<ServerKind, string> = {
  cloudhop: 'Cloudhop, durable',
  'socket.io': 'bare Socket.IO, stores nothing',
  ws: 'bare ws, stores nothing',
};

const hour = 3_600_000;
/** Limits that would measure themselves rather than the server; everything else stays as it is delivered. */
const labLimits = {
  requestsPerSecond: 100_000,
  socketsPerUser: 100_000,
  handshakesPerMinute: 1_000_000,
  guestsPerMinute: 1_000_000,
  addressRequestsPerMinute: 1_000_000,
  signInsPerMinute: 1_000_000,
  userRequestsPerMinute: 10_000_000,
  restSendsPerMinute: 10_000_000,
  searchesPerMinute: 1_000_000,
  userCommitsInFlight: 100_000,
  userWorkPerMinute: 1_000_000_000,
  addressWorkPerMinute: 1_000_000_000,
  // Tokens are made before the clock runs, and a run may be long.
  accessTokenMs: 6 * hour,
};

/** The same for every API process of a run, so that a token of one is good at the next. */
const secrets = {
  JWT_SECRET: randomBytes(48).toString('base64url'),
  REFRESH_SECRET: randomBytes(48).toString('base64url'),
};

/** Returns the address of the lab's PostgreSQL. Throws outside of `npm run lab`. */
function databaseUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) throw new Error('the lab is started by npm run lab, which brings a Postgres');
  return url;
}

/** A Cloudhop process other than this build with the lab's limits. */
interface ApiBuild {
  /** Its main.js. */
  program?: string | undefined;
  limits?: Readonly<Record<string, number>>;
}

/**
 * @param profileFolder where V8 writes the CPU profile of a Cloudhop process at its end; none by default
 * @param env what a Cloudhop process is configured with besides
 */
export function startServer(
  kind: ServerKind,
  profileFolder?: string,
  env: Record<string, string> = {},
  build: ApiBuild = {},
): Promise<ServerUnderTest> {
  return kind === 'cloudhop' ? startApi(profileFolder, env, build) : startBare(kind, env);
}

async function startApi(
  profileFolder: string | undefined,
  env: Record<string, string>,
  { program = 'dist/apps/api/main.js', limits = labLimits }: ApiBuild,
): Promise<ServerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-lab-api-'));
  const limitsFile = join(folder, 'limits.json');
  writeFileSync(limitsFile, JSON.stringify(limits));
  const postmaster = await findPostmaster();
  pin([postmaster, ...childrenOf(postmaster)], serverCore);
  const child = fork(resolve(program), {
    execArgv: profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`],
    env: {
      ...process.env,
      ...secrets,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl(),
      LIMITS_FILE: limitsFile,
      LOG_LEVEL: 'error',
      ...env,
    },
  });
  const url = await ready(child);
  return {
    url,
    cpu: () => ({ serverMs: isAlive(child) ? cpuOf(child.pid!) : 0, postgresMs: cpuOfTree(postmaster) }),
    rssKib: () => rssKib(child.pid!),
    postgresKib: () => pssKib(postmaster),
    isAlive: () => isAlive(child),
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startBare(kind: string, env: Record<string, string>): Promise<ServerUnderTest> {
  const child = fork(process.argv[1]!, ['bare-server', kind], { env: { ...process.env, ...env } });
  const url = await ready(child);
  return {
    url,
    cpu: () => ({ serverMs: isAlive(child) ? cpuOf(child.pid!) : 0, postgresMs: 0 }),
    rssKib: () => rssKib(child.pid!),
    postgresKib: () => 0,
    isAlive: () => isAlive(child),
    kill: () => void child.kill('SIGKILL'),
    stop: () => end(child),
  };
}

async function ready(child: ChildProcess): Promise<string> {
  pin([child.pid!], serverCore);
  const ended = once(child, 'exit').then(() => {
    throw new Error('the server ended while it started');
  });
  for (;;) {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ type?: string; url?: string }];
    if (message.type !== 'ready' || message.url === undefined) continue;
    ended.catch(() => undefined);
    // Threads that were started before the first call were left where they were.
    pin([child.pid!], serverCore);
    return message.url;
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Several servers, counted together. */
export function asOne(servers: readonly ServerUnderTest[]): ServerUnderTest {
  const [first] = servers as [ServerUnderTest];
  if (servers.length === 1) return first;
  const sum = (of: (server: ServerUnderTest) => number) => servers.reduce((total, server) => total + of(server), 0);
  return {
    url: first.url,
    // They share one PostgreSQL.
    cpu: () => ({ serverMs: sum((server) => server.cpu().serverMs), postgresMs: first.cpu().postgresMs }),
    rssKib: () => sum((server) => server.rssKib()),
    postgresKib: () => first.postgresKib(),
    isAlive: () => servers.every((server) => server.isAlive()),
    kill: () => servers.forEach((server) => server.kill()),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** Moves PostgreSQL to another core. The next start of a server moves it back. */
export async function pinPostgres(core: number): Promise<void> {
  const postmaster = await findPostmaster();
  pin([postmaster, ...childrenOf(postmaster)], core);
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const over = once(child, 'exit');
  child.disconnect();
  await over;
}

async function findPostmaster(): Promise<number> {
  return withDatabase(async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return statOf(rows[0]!.pid).parent;
  });
}

/** Runs `work` with a connection to the lab's database of its own. */
export async function withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
