import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A start that fails, because Postgres is away, is tried again after this. */
const startAgainMs = 300;
/** A second on a machine with nothing else to do. */
const readyWithinMs = 60_000;
/** A server that was told to stop has ended by then: a little more than its own limit, stopMs. */
const stoppedWithinMs = 25_000;

export interface ApiNodeOptions {
  name: string;
  port: number;
  databaseUrl: string;
  /** Undefined: it knows of no other server. */
  redisUrl: string | undefined;
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
  #thawedAt = -Infinity;
  /** Number of times that the process ended without being killed, or didn't end in order when it was told to. */
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
    if (this.#isFrozen) this.#thawedAt = Date.now();
    this.#isFrozen = false;
    this.#child?.kill('SIGCONT');
  }

  /** Returns true if the process was frozen at `since` (milliseconds of this machine's clock) or later. */
  wasFrozenSince(since: number): boolean {
    return this.#isFrozen || this.#thawedAt >= since;
  }

  /**
   * Tells the process to stop (SIGTERM), waits until it has ended, and starts it again. Resolves once it listens. False
   * when there was nothing to stop.
   */
  async restart(): Promise<boolean> {
    const child = this.#child;
    if (!child || this.#isFrozen) return false;
    // From now on no line leads to it, as with a load balancer that asks whether it is ready.
    this.#isWanted = false;
    this.#child = undefined;
    const ended = once(child, 'exit') as Promise<[code: number | null]>;
    child.kill('SIGTERM');
    const [code] = await Promise.race([ended, wait(stoppedWithinMs, [undefined] as const, { ref: false })]);
    if (code !== 0) this.deaths++;
    if (code === undefined) child.kill('SIGKILL');
    await this.start();
    return true;
  }

  async #startUntilUp(): Promise<void> {
    while (this.#isWanted && !this.#child) {
      await this.#tryStart();
      if (!this.#child) await wait(startAgainMs);
    }
  }

  async #tryStart(): Promise<void> {
    const { port, databaseUrl, redisUrl, dataDir, limitsFile, log } = this.options;
    const output = openSync(log, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', resolve('dist/apps/api/main.js')], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dataDir,
        DATABASE_URL: databaseUrl,
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
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
