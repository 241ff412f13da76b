import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { Site } from './site';

/** The real server with a database of its own: all data survives a restart. */
export class Server {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'cloudhop-e2e-server-'));
  readonly #database = `e2e_${randomBytes(6).toString('hex')}`;
  #process: ChildProcess | undefined;
  #site: Site | undefined;
  #url = '';
  #output = '';

  /** Returns http://127.0.0.1:port, the same after every restart. */
  get url(): string {
    return this.#url;
  }

  /** Returns its log so far. */
  get output(): string {
    return this.#output;
  }

  async create(): Promise<void> {
    await administrate(`CREATE DATABASE ${this.#database}`);
    this.#site = await Site.open();
    // All people of a test share one address and come at once, beyond the rate limits of one address.
    writeFileSync(join(this.#dataDir, 'limits.json'), JSON.stringify(generousLimits));
    await this.start();
  }

  /** Returns a web site with previews although its address is private. */
  get site(): Site {
    return this.#site!;
  }

  /** Writes to the database behind the server's back. */
  async write(statement: string, values: unknown[] = []): Promise<void> {
    await administrate(statement, values, this.#databaseUrl);
  }

  get #databaseUrl(): string {
    const address = new URL(postgresUrl());
    address.pathname = `/${this.#database}`;
    return address.href;
  }

  /** Starts it at its former address. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', resolve('dist/apps/api/main.js')], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: this.#url ? new URL(this.#url).port : '0',
        DATA_DIR: this.#dataDir,
        DATABASE_URL: this.#databaseUrl,
        LINK_PREVIEW_HOSTS: this.site.host,
        LIMITS_FILE: join(this.#dataDir, 'limits.json'),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process = child;
    const collect = (chunk: Buffer) => (this.#output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.#url = await new Promise<string>((ready, failed) => {
      child.on(
        'message',
        (message: { type?: string; url?: string }) => message.type === 'ready' && ready(message.url!),
      );
      child.once('exit', (code) => failed(new Error(`the server ended with ${code}:\n${this.#output}`)));
    });
  }

  /** Kills it, like a power cut. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Stops it gracefully. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async destroy(): Promise<void> {
    await this.kill();
    await this.#site?.close();
    await administrate(`DROP DATABASE IF EXISTS ${this.#database} WITH (FORCE)`);
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, 'exit');
    child.kill(signal);
    await over;
  }
}

const generousLimits = { guestsPerMinute: 10_000, userRequestsPerMinute: 10_000, restSendsPerMinute: 10_000 };

function postgresUrl(): string {
  const url = process.env['E2E_POSTGRES_URL'];
  if (!url) throw new Error('run these tests with: npm run e2e');
  return url;
}

async function administrate(statement: string, values: unknown[] = [], url = postgresUrl()): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}
