import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { Cluster, Redis } from 'ioredis';
import { parseRedisUrl } from '../redis';
import { startRedis, startRedisCluster } from './redis-server';

async function until(isSo: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`timed out after ${limitMs} ms`);
    await wait(25);
  }
}

test('a server is killed, paused and started again on its port', async () => {
  const server = await startRedis();
  expect(await server.cli('SET', 'a', '1')).toBe('OK');
  await expect(server.cli('NONSENSE')).rejects.toThrow(/unknown command/);

  server.pause();
  const client = new Redis(server.url, { commandTimeout: 200, maxRetriesPerRequest: 1 });
  client.on('error', () => undefined);
  await expect(client.get('a')).rejects.toThrow(/timed out/);
  server.resume();
  await until(async () => (await client.get('a').catch(() => '')) === '1');
  client.disconnect();

  const { pid } = server;
  await server.kill();
  expect(server.isRunning).toBe(false);
  await expect(server.cli('PING')).rejects.toThrow(/refused/);
  await server.restart();
  expect([server.isRunning, server.pid === pid, await server.cli('GET', 'a')]).toEqual([true, false, '']);
  await server.stop();
});

test('a password is asked for, and stands in no list of processes', async () => {
  const password = 'p@ss "word\\';
  const server = await startRedis({ password, config: { maxmemory: '3mb' } });
  expect(parseRedisUrl(server.url)).toMatchObject({ password, hosts: [{ host: '127.0.0.1', port: server.port }] });
  expect(await server.cli('CONFIG', 'GET', 'maxmemory')).toContain('3145728');
  expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain('p@ss');
  const stranger = new Redis({ port: server.port, retryStrategy: null });
  stranger.on('error', () => undefined);
  await expect(stranger.get('a')).rejects.toThrow(/NOAUTH/);
  stranger.disconnect();
});

test('a wrong directive is told by the server itself', async () => {
  await expect(startRedis({ config: { maxmemory: 'plenty' } })).rejects.toThrow(/maxmemory/);
});

test('a server ends with the process that started it, also without Jest', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-redis-spec-'));
  const outfile = join(folder, 'start.js');
  const contents = "import { startRedis } from './redis-server'; startRedis().then(({ pid }) => console.log(pid));";
  buildSync({ stdin: { contents, resolveDir: __dirname }, bundle: true, platform: 'node', outfile });
  const env = { ...process.env, TMPDIR: folder };
  const parent = spawn(process.execPath, [outfile], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  process.kill(pid, 0);
  parent.kill('SIGKILL');
  await until(() => {
    try {
      return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  });
  rmSync(folder, { recursive: true });
});

test('a cluster serves all slots, moves one with its keys, and replaces a primary that is killed', async () => {
  const cluster = await startRedisCluster(3, { replicas: 1, password: 'secret' });
  const [first, second, third] = cluster.primaries;
  const client = new Cluster([...parseRedisUrl(cluster.url).hosts], {
    redisOptions: { password: 'secret' },
    clusterRetryStrategy: () => 100,
  });
  client.on('error', () => undefined);
  for (let n = 0; n < 50; n++) await client.set(`key${n}`, n);
  const slot = Number(await first!.cli('CLUSTER', 'KEYSLOT', 'key0'));
  const owner = await cluster.ownerOf(slot);
  const next = owner === third ? second : third;
  await cluster.moveSlot(slot, owner!, next!);
  expect(await cluster.ownerOf(slot)).toBe(next);
  expect(await client.get('key0')).toBe('0');

  await next!.kill();
  await until(async () => (await cluster.ownerOf(slot)) !== undefined);
  expect(cluster.replicas).toContain(await cluster.ownerOf(slot));
  await until(async () => (await client.get('key0').catch(() => '')) === '0');
  client.disconnect();
  await cluster.stop();
}, 60_000);
