import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aVisitor, until } from './testing/visitor';

const database = testDatabase();
let folder: string;
let proxy: PostgresProxy;
let api: ApiProcess;
let visitor: Visitor;

/** Network before Postgres, in which packets can vanish, and a server that refuses new connections. */
class PostgresProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Passes everything, nothing (without anybody noticing), or an error of this SQLSTATE for new connections. */
  #mode: 'open' | 'silent' | { sqlState: string } = 'open';

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (typeof this.#mode === 'object') return refuse(near, this.#mode.sqlState);
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => undefined);
        from.on('data', (chunk: Buffer) => to.write(chunk));
        from.on('close', () => (this.#sockets.delete(from), to.destroy()));
        if (this.#mode === 'silent') from.pause();
      }
    });
  }

  static async before(url: string): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(Number(new URL(url).port));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  silence(): void {
    this.#mode = 'silent';
    for (const socket of this.#sockets) socket.pause();
  }

  refuse(sqlState: string): void {
    this.#mode = { sqlState };
    for (const socket of this.#sockets) socket.destroy();
  }

  heal(): void {
    this.#mode = 'open';
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Answers a start of a connection as Postgres does when it refuses one. */
function refuse(socket: Socket, sqlState: string): void {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0Mrefused\0\0`);
    const head = Buffer.alloc(5, 'E');
    head.writeInt32BE(fields.length + 4, 1);
    socket.end(Buffer.concat([head, fields]));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-postgres-trouble-'));
  const limits = {
    databaseConnectTimeoutMs: 700,
    statementTimeoutMs: 700,
    databaseAnswerMarginMs: 300,
    poolConnections: 4,
    poolQueue: 20,
    guestsPerMinute: 10_000,
    readyKeptMs: 0,
  };
  writeFileSync(join(folder, 'limits.json'), JSON.stringify(limits));
  proxy = await PostgresProxy.before(database.url);
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const env = { LIMITS_FILE: join(folder, 'limits.json'), TRUSTED_PROXIES: '127.0.0.1' };
  api = await startApiProcess({ databaseUrl: url.href, env });
}, 30_000);
afterAll(() => {
  proxy.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => (visitor = await aVisitor(api.url)));
afterEach(() => proxy.heal());

const read = () => visitor.rest('GET', `/conversations/${visitor.lobbyId}/messages`);
const probe = async () => (await fetch(`${api.url}/api/health/ready`)).status;

/** Asks by REST and by socket, and expects to be told to wait. */
async function expectUnavailable(): Promise<void> {
  const unavailable = { code: 'unavailable', retryAfterMs: expect.any(Number) };
  const history = { conversationId: visitor.lobbyId, limit: 10 };
  const [rest, page, sent] = await Promise.all([
    read(),
    visitor.request('conversation:history', history),
    visitor.send('into the hole', uuidv7()),
  ]);
  expect([rest.status, await rest.json()]).toMatchObject([503, { error: unavailable }]);
  expect(Number(rest.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(page).toMatchObject({ ok: false, error: unavailable });
  expect(sent).toMatchObject({ ok: false, error: unavailable });
}

async function expectRecovery(): Promise<void> {
  await until(async () => (await read()).status === 200);
  await until(async () => (await visitor.send('back again', uuidv7())).ok);
  await until(async () => (await probe()) === 200);
  expect(api.output).not.toMatch(/"event":"(uncaught|request_failed|log\.commit_failed)"/);
}

test('a Postgres that accepts and never answers is answered with unavailable in time, and found again', async () => {
  proxy.silence();
  const began = Date.now();
  await expectUnavailable();
  expect(Date.now() - began).toBeLessThan(3_000);
  expect([await probe(), (await fetch(`${api.url}/api/health/live`)).status]).toEqual([503, 200]);
  // Connections that were open by then have been closed: now the new ones get no answer.
  await expectUnavailable();
  proxy.heal();
  await expectRecovery();
});

test('I12: a storm of requests while Postgres is away is refused, and harms nothing', async () => {
  proxy.silence();
  const arrive = async (_: unknown, n: number) => {
    const response = await fetch(`${api.url}/api/auth/guest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.${n >> 8}.${n & 255}` },
      body: '{}',
    });
    return response.status;
  };
  const answers = await Promise.all(Array.from({ length: 150 }, arrive));
  expect(new Set(answers)).toEqual(new Set([503]));
  proxy.heal();
  await expectRecovery();
});

test.each(['28P01', '53300', '57P03', '3D000'])(
  'a Postgres that refuses new connections with %s is waited for',
  async (sqlState) => {
    proxy.refuse(sqlState);
    await expectUnavailable();
    proxy.heal();
    await expectRecovery();
  },
);

test('a Postgres without a free connection is waited for', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await database.query(`alter database ${name} connection limit 0`);
  await database.disconnectAll();
  await expectUnavailable();
  await database.query(`alter database ${name} connection limit -1`);
  await expectRecovery();
});

test('a Postgres that takes no writes after a failover still answers reads, and senders wait', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await database.query(`alter database ${name} set default_transaction_read_only = on`);
  try {
    await database.disconnectAll();
    await until(async () => (await read()).status === 200);
    expect(await visitor.send('into a replica', uuidv7())).toMatchObject({
      ok: false,
      error: { code: 'unavailable', retryAfterMs: expect.any(Number) },
    });
    // The refused write closed its connection: the next one may lead to the successor.
  } finally {
    await database.query('set default_transaction_read_only = off');
    await database.query(`alter database ${name} reset default_transaction_read_only`);
  }
  await expectRecovery();
});
