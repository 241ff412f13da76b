import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Visitor, aGuestSession, aVisitor, toldChanges, until } from './testing/visitor';
import { v7 as uuidv7 } from 'uuid';

/** The build may be missing on a developer's machine, and takes a minute or two there. */
const startLimitMs = 280_000;

let folder: string;
const started = new Set<ChildProcess>();
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cloudhop-cluster-'))));
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  const { children } = record();
  await until(() => Object.values(children).every((identity) => !isAlive(pidOf(identity))), 30_000).finally(() => {
    for (const identity of Object.values(children)) if (isAlive(pidOf(identity))) process.kill(pidOf(identity), 9);
    rmSync(folder, { recursive: true, force: true });
  });
}, 40_000);

interface Command {
  child: ChildProcess;
  readonly output: string;
  readonly ended: Promise<number | null>;
}

function command(parameters: string[], env: Record<string, string> = {}): Command {
  const { npm_lifecycle_event: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [resolve('scripts/cluster.mjs'), ...parameters], {
    env: {
      ...inherited,
      NODE_ENV: 'test',
      DATA_DIR: folder,
      LOG_LEVEL: 'info',
      DATABASE_URL: '',
      REDIS_URL: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    child,
    get output() {
      return output;
    },
    ended: once(child, 'close').then(([code]) => {
      started.delete(child);
      return code as number | null;
    }),
  };
}

/** Starts the cluster on a free port and waits until it is ready. */
async function startCluster(nodes: number, env: Record<string, string> = {}): Promise<Command & { url: string }> {
  const cluster = command(['--nodes', String(nodes), '--port', '0'], env);
  let hasEnded = false;
  void cluster.ended.then(() => (hasEnded = true));
  await until(() => hasEnded || cluster.output.includes('Try it:'), startLimitMs);
  if (hasEnded) throw new Error(`it ended:\n${cluster.output}`);
  const [, port] = /ready at http:\/\/localhost:(\d+)/.exec(cluster.output)!;
  return Object.assign(cluster, { url: `http://127.0.0.1:${port}` });
}

interface Running {
  owner: string;
  children: Record<string, string>;
}

/** Returns the processes of the cluster, as it records them. */
function record(): Running {
  const file = join(folder, 'running.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Running) : { owner: '', children: {} };
}

const pidOf = (identity: string) => Number(identity.split('/')[1]);
const nodePid = (n: number) => pidOf(record().children[`Node ${n}`]!);

/** Returns every process of the cluster, the postmaster too. */
function allPids(): number[] {
  const postmaster = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  return [...Object.values(record().children).map(pidOf), postmaster];
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const log = (n: number) => readFileSync(join(folder, `node-${n}.log`), 'utf8');
const starts = (n: number) => log(n).split('"event":"listening"').length - 1;

test.each([
  [['--nodes', '0'], /^cloudhop: --nodes 0 is not a number from 1 to 6\.\n$/],
  [['--nodes', 'three'], /^cloudhop: --nodes three is not a number/],
  [['--port', '70000'], /^cloudhop: --port 70000 is not a port/],
  [['--node', '3'], /^cloudhop: Unknown option '--node': see [^\n]*\n$/],
  [['3'], /^cloudhop: Unexpected argument '3': see [^\n]*\n$/],
])('%j is refused with one sentence', async (parameters, sentence) => {
  const refused = command(parameters);
  expect(await refused.ended).toBe(1);
  expect(refused.output).toMatch(sentence);
});

test('where redis-server is missing, one sentence says how to get it', async () => {
  const programs = mkdtempSync(join(folder, 'programs-'));
  symlinkSync(process.execPath, join(programs, 'node'));
  const refused = command([], { PATH: programs });
  expect(await refused.ended).toBe(1);
  expect(refused.output).toMatch(/^cloudhop: redis-server is missing: [^\n]*apt-get[^\n]*brew[^\n]*\n$/);
});

describe('three nodes behind one address', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    const limits = join(folder, 'limits.json');
    // Some sockets stay until their time is up.
    writeFileSync(limits, JSON.stringify({ drainMs: 500 }));
    cluster = await startCluster(3, { LIMITS_FILE: limits });
  }, startLimitMs);

  test('serve the page, the API and sockets, and share one database and one set of secrets', async () => {
    const page = await fetch(cluster.url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<app-root')]);
    const sessions = [];
    for (let n = 0; n < 6; n++) sessions.push(await aGuestSession(cluster.url));
    for (const session of sessions) visitors.push(await aVisitor(cluster.url, session, { isLasting: true }));
    const id = uuidv7();
    expect(await visitors[0]!.send('to all nodes', id)).toMatchObject({ ok: true });
    await until(() =>
      visitors.every((visitor) =>
        toldChanges(visitor).some((change) => 'message' in change && change.message.id === id),
      ),
    );
    // A chunked body, an answer without a body, and one that is refused.
    const sent = await visitors[0]!.rest('POST', `/conversations/${visitors[0]!.lobbyId}/messages`, {
      body: 'by REST',
    });
    expect([sent.status, (await fetch(cluster.url, { method: 'HEAD' })).status]).toEqual([201, 200]);
    expect((await visitors[0]!.rest('GET', '/nothing')).status).toBe(404);
  });

  test('see the address of each client, and believe none that a client writes', async () => {
    const remaining = (localAddress: string, forwarded?: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
        request(`${cluster.url}/api/nothing`, { localAddress, headers }, (answer) => {
          answer.resume();
          resolve(Number(answer.headers['ratelimit-remaining']));
        })
          .once('error', reject)
          .end();
      });
    const first = await remaining('127.0.0.5');
    for (let n = 0; n < 30; n++) await remaining('127.0.0.5', `203.0.113.${n}`);
    expect(await remaining('127.0.0.5')).toBeLessThanOrEqual(first - 9);
    expect(await remaining('127.0.0.6')).toBe(first);
  });

  test('are balanced: a node that is killed takes its sockets with it, all else goes on, and it is started again', async () => {
    const pid = nodePid(2);
    process.kill(pid, 'SIGKILL');
    await until(() => visitors.some(({ socket }) => !socket.connected));
    await until(() => !isAlive(pid));
    for (let n = 0; n < 20; n++) {
      const { status } = await fetch(`${cluster.url}/api/auth/guest`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      expect(status).toBe(201);
    }
    const lost = visitors.filter(({ socket }) => !socket.connected).length;
    expect(lost).toBeGreaterThanOrEqual(1);
    expect(lost).toBeLessThanOrEqual(3);
    const { user } = await aVisitor(cluster.url);
    expect(user.kind).toBe('guest');
    await until(() => starts(2) === 2, 40_000);
    expect(nodePid(2)).not.toBe(pid);
  }, 60_000);

  test('are restarted one after the other while requests go on', async () => {
    let isOver = false;
    const statuses = new Map<number, number>();
    const requests = (async () => {
      while (!isOver) {
        const { status } = await fetch(`${cluster.url}/api/health/live`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    })();
    for (const n of [1, 2, 3]) {
      const pid = nodePid(n);
      const before = starts(n);
      process.kill(pid, 'SIGTERM');
      await until(() => starts(n) > before, 40_000);
      expect(log(n)).toContain('"event":"stopped"');
    }
    isOver = true;
    await requests;
    expect([...statuses.keys()]).toEqual([200]);
  }, 150_000);

  test('are the only ones on their data folder', async () => {
    const second = command(['--port', '0']);
    expect(await second.ended).toBe(1);
    expect(second.output).toMatch(/^cloudhop: Cloudhop already runs with the data folder [^\n]* at http:[^\n]*\n$/);
  });

  test('stop in order: nodes drain, then Redis and PostgreSQL, and no process is left', async () => {
    const pids = allPids();
    const stopped = [1, 2, 3].map((n) => log(n).split('"event":"stopped"').length);
    cluster.child.kill('SIGINT');
    expect(await cluster.ended).toBe(0);
    expect(cluster.output).toMatch(/Stopping …\nStopped\.\n$/);
    expect(pids.filter(isAlive)).toEqual([]);
    expect([1, 2, 3].map((n) => log(n).split('"event":"stopped"').length)).toEqual(stopped.map((count) => count + 1));
    expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/);
  }, 60_000);
});

test(
  'Ctrl-C twice stops all at once, and kill -9 leaves no process',
  async () => {
    let cluster = await startCluster(1);
    const visitor = await aVisitor(cluster.url, undefined, { isLasting: true });
    let pids = allPids();
    cluster.child.kill('SIGINT');
    await until(() => visitor.facts.some(({ name }) => name === 'server:draining'));
    const hasInsisted = () => cluster.output.includes('Stopping at once.');
    // It ignores the second signal of the same key press.
    await until(() => {
      if (!hasInsisted()) cluster.child.kill('SIGINT');
      return hasInsisted();
    });
    expect(await cluster.ended).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);

    cluster = await startCluster(1);
    pids = allPids();
    cluster.child.kill('SIGKILL');
    await until(() => !pids.some(isAlive), 30_000);
  },
  startLimitMs,
);
