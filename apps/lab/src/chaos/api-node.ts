import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A start that fails, because Postgres is away, is tried again after this. */
const startAgainMs = 300;
const readyWithinMs = 20_000;

export interface ApiNodeOptions {
  name: string;
  port: number;
  databaseUrl: string;
  /** Shared by all nodes: the secrets are in it. */
  dataDir: string;
  limitsFile: string;
  log: string;
}

/** One of the servers: a process that can be killed, frozen, and started again at the same address. */
export class ApiNode {
  #child: ChildProcess | undefined;
  #isWanted = false;
  #starting: Promise<void> | undefined;
  #isFrozen = false;
  /** Number of times that the process ended without being killed. */
  deaths = 0;

  constructor(private readonly options: ApiNodeOptions) {}

  get name(): string {
    return this.options.name;
  }

  get port(): number {
    return this.options.port;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves once it listens; tries until then, or until it is killed. */
  start(): Promise<void> {
    this.#isWanted = true;
    this.#starting ??= this.#startUntilUp().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** False when there was nothing to kill; what is starting goes on. */
  kill(): boolean {
    if (!this.isUp) return false;
    this.#isWanted = false;
    this.#isFrozen = false;
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    return true;
  }

  /** False when it is down or frozen already. */
  freeze(): boolean {
    if (!this.#child || this.#isFrozen) return false;
    this.#isFrozen = true;
    return this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#child?.kill('SIGCONT');
  }

  async #startUntilUp(): Promise<void> {
    while (this.#isWanted && !this.#child) {
      await this.#tryStart();
      if (!this.#child) await wait(startAgainMs);
    }
  }

  async #tryStart(): Promise<void> {
    const { port, databaseUrl, dataDir, limitsFile, log } = this.options;
    const output = openSync(log, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', resolve('dist/apps/api/main.js')], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dataDir,
        DATABASE_URL: databaseUrl,
        LIMITS_FILE: limitsFile,
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    const endsWithUs = () => void child.kill('SIGKILL');
    process.once('exit', endsWithUs);
    child.once('exit', () => {
      process.off('exit', endsWithUs);
      if (this.#child !== child) return;
      this.#child = undefined;
      this.deaths++;
      void this.start();
    });
    const isReady = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
      wait(readyWithinMs, false, { ref: false }),
    ]);
    if (isReady && this.#isWanted && child.exitCode === null && child.signalCode === null) this.#child = child;
    else child.kill('SIGKILL');
  }
}
