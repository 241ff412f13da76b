import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';

/** A server in a process of its own, whose CPU is counted by the operating system. */
export interface ServerUnderTest {
  url: string;
  /** CPU milliseconds of all its processes so far, the database's among them. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Limits that would measure themselves rather than the server; everything else stays as it is delivered. */
const labLimits = {
  requestsPerSecond: 100_000,
  socketsPerUser: 100_000,
  handshakesPerMinute: 1_000_000,
  guestsPerMinute: 1_000_000,
  addressRequestsPerMinute: 1_000_000,
};

export async function startApi(): Promise<ServerUnderTest> {
  const databaseUrl = process.env['DATABASE_URL'];
  if (databaseUrl === undefined) throw new Error('the lab is started by npm run lab, which brings a Postgres');
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-lab-api-'));
  const limitsFile = join(folder, 'limits.json');
  writeFileSync(limitsFile, JSON.stringify(labLimits));
  const postmaster = await findPostmaster(databaseUrl);
  const child = fork(resolve('dist/apps/api/main.js'), {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      LIMITS_FILE: limitsFile,
      LOG_LEVEL: 'error',
    },
  });
  const url = await ready(child);
  return {
    url,
    cpuMs: () => cpuOf(child.pid!) + cpuOfTree(postmaster),
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startBare(): Promise<ServerUnderTest> {
  const child = fork(process.argv[1]!, ['bare-server']);
  const url = await ready(child);
  return { url, cpuMs: () => cpuOf(child.pid!), stop: () => end(child) };
}

async function ready(child: ChildProcess): Promise<string> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [{ type?: string; url?: string }];
    if (message.type === 'ready' && message.url !== undefined) return message.url;
  }
}

async function end(child: ChildProcess): Promise<void> {
  const over = once(child, 'exit');
  child.disconnect();
  await over;
}

async function findPostmaster(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return statOf(rows[0]!.pid).parent;
  } finally {
    await client.end();
  }
}

/** Clock ticks of /proc are 10 ms on Linux. */
const tickMs = 10;

function statOf(pid: number): { parent: number; cpuMs: number; reapedMs: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    parent: fields[1]!,
    cpuMs: (fields[11]! + fields[12]!) * tickMs,
    reapedMs: (fields[13]! + fields[14]!) * tickMs,
  };
}

function cpuOf(pid: number): number {
  return statOf(pid).cpuMs;
}

/** A process, its living children, and the children it has buried. */
function cpuOfTree(pid: number): number {
  let sum = statOf(pid).cpuMs + statOf(pid).reapedMs;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = statOf(Number(entry));
      if (stat.parent === pid) sum += stat.cpuMs;
    } catch {
      // It ended meanwhile: from now on it is among the reaped.
    }
  }
  return sum;
}
