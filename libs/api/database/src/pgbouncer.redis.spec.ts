import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions, openDataSource } from './connect';
import { Database } from './database';
import { testDatabase } from './testing';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-pgbouncer-'));
const bouncers = new Set<ChildProcess>();

afterAll(async () => {
  for (const bouncer of bouncers) {
    const over = once(bouncer, 'exit');
    bouncer.kill('SIGKILL');
    await over;
  }
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Returns the id of a user who is not root: PgBouncer refuses to run as root. */
function unprivileged(): { uid?: number } {
  return process.getuid?.() === 0
    ? { uid: Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout) }
    : {};
}

/** Starts PgBouncer before the database of this file. Returns the address that leads through it. */
async function startBouncer(settings: string): Promise<string> {
  const address = new URL(database.url);
  const name = address.pathname.slice(1);
  const port = await freePort();
  const users = join(folder, `${port}.users`);
  const file = join(folder, `${port}.ini`);
  chmodSync(folder, 0o755);
  writeFileSync(users, `"${address.username}" "${address.password}"\n`, { mode: 0o644 });
  writeFileSync(
    file,
    `[databases]\n${name} = host=127.0.0.1 port=${address.port} dbname=${name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
${settings}\n`,
    { mode: 0o644 },
  );
  const bouncer = spawn('pgbouncer', [file], { stdio: ['ignore', 'ignore', 'pipe'], ...unprivileged() });
  bouncers.add(bouncer);
  let said = '';
  bouncer.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  address.port = String(port);
  for (const end = Date.now() + 10_000; !said.includes('process up');) {
    if (bouncer.exitCode !== null || Date.now() > end) throw new Error(`PgBouncer did not start: ${said}`);
    await wait(20);
  }
  return address.href;
}

const limits = {
  poolSize: 4,
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 2_000,
  connectTimeoutMs: 5_000,
  answerTimeoutMs: 7_000,
};
const open = (url: string): Promise<DataSource> => openDataSource(dataSourceOptions(url, limits));

test.each([
  ['transaction', 'pool_mode = transaction'],
  ['transaction, in turn', 'pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 3'],
  ['statement', 'pool_mode = statement'],
])('PgBouncer with pool mode %s is refused in one sentence', async (_mode, settings) => {
  const url = await startBouncer(settings);
  const refused = await open(url).then(
    (source) => source.destroy(),
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ name: 'ConfigurationError' });
  expect((refused as Error).message).toMatch(/^DATABASE_URL leads to a pooler .* set pool_mode = session[^\n]*\.$/);
});

test('PgBouncer with pool mode transaction is refused while other clients use it', async () => {
  const url = await startBouncer('pool_mode = transaction\ndefault_pool_size = 3');
  const others = await new DataSource(dataSourceOptions(url, { ...limits, poolSize: 8 })).initialize();
  let isOver = false;
  const work = Array.from({ length: 8 }, async () => {
    while (!isOver) await others.query('select pg_sleep(0.002)');
  });
  for (let round = 0; round < 5; round++) await expect(open(url)).rejects.toMatchObject({ name: 'ConfigurationError' });
  isOver = true;
  await Promise.all(work);
  await others.destroy();
});

test('PgBouncer with pool mode session works: timeouts, prepared statements and locks', async () => {
  const source = await open(await startBouncer('pool_mode = session'));
  try {
    const pooled = new Database(source);
    await pooled.start();
    const [row] = await pooled.query<{ timeout: string }>(`select current_setting('statement_timeout') as timeout`);
    expect(row).toEqual({ timeout: '5s' });
    const sums = Array.from({ length: 40 }, (_, n) =>
      pooled.prepared<{ sum: number }>('spec_sum', 'select $1::int + 1 as sum', [n]),
    );
    expect((await Promise.all(sums)).flat().map(({ sum }) => sum)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    await pooled.transaction(async (client) => {
      const { rows } = await client.query('select pg_try_advisory_xact_lock(1) as is_ours');
      expect(rows).toEqual([{ is_ours: true }]);
    });
  } finally {
    await source.destroy();
  }
});

test('a direct connection is asked once, and accepted', async () => {
  const source = await open(database.url);
  await source.destroy();
});
