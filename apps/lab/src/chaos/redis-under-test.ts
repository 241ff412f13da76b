import { type RedisServer, startRedis } from '@cloudhop/api/platform/testing/redis';

/** More than what the servers keep there, so that junk is what fills it. */
const roomBytes = 2 * 1024 * 1024;
const junkBytes = 4 * 1024;
/** Nothing listens there: a port that only root may open, and nobody does on this interface. */
const noPrimary = ['127.0.0.1', '1'] as const;

/** Keys in one script. Redis looks at its memory before a script, and not within one. */
const junkStep = 64;
const junkSteps = 100;

const fillScript = `
  for n = 1, ${junkStep} do redis.call('set', 'junk:' .. ARGV[1] .. ':' .. n, string.rep('x', ${junkBytes})) end`;
const emptyScript = `
  local n = 0
  for _, key in ipairs(redis.call('keys', 'junk:*')) do n = n + redis.call('unlink', key) end
  return n`;

/** The Redis that all nodes share. Each method returns false, or rejects, when it is down already. */
export class RedisUnderTest {
  #isPaused = false;

  private constructor(private readonly server: RedisServer) {}

  static async start(): Promise<RedisUnderTest> {
    return new RedisUnderTest(await startRedis());
  }

  get port(): number {
    return this.server.port;
  }

  get isUp(): boolean {
    return this.server.isRunning;
  }

  /** Ends it like a machine whose power goes. */
  async kill(): Promise<boolean> {
    if (!this.isUp) return false;
    this.#isPaused = false;
    await this.server.kill();
    return true;
  }

  /** Starts it again, empty, unless it runs. */
  async start(): Promise<void> {
    if (!this.isUp) await this.server.restart();
  }

  pause(): boolean {
    if (!this.isUp || this.#isPaused) return false;
    this.#isPaused = true;
    this.server.pause();
    return true;
  }

  resume(): void {
    if (this.isUp && this.#isPaused) this.server.resume();
    this.#isPaused = false;
  }

  flush(): Promise<boolean> {
    return this.#told(['FLUSHALL']);
  }

  /** Writes junk until it takes no more, and evicts nothing. */
  async fill(): Promise<boolean> {
    if (!this.#listens) return false;
    const used = Number(/used_memory:(\d+)/.exec(await this.server.cli('INFO', 'memory'))![1]);
    if (!(await this.#told(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'maxmemory', used + roomBytes])))
      return false;
    for (let step = 0; step < junkSteps; step++) if (!(await this.#told(['EVAL', fillScript, 0, step]))) return true;
    return false;
  }

  /** Makes room again. */
  empty(): Promise<boolean> {
    return this.#told(['CONFIG', 'SET', 'maxmemory', 0], ['EVAL', emptyScript, 0]);
  }

  /** Makes it a read-only replica of a server that does not answer. */
  demote(): Promise<boolean> {
    return this.#told(['REPLICAOF', ...noPrimary]);
  }

  promote(): Promise<boolean> {
    return this.#told(['REPLICAOF', 'NO', 'ONE']);
  }

  /** Makes it run, and take everything, whatever happened to it. */
  async heal(): Promise<void> {
    this.resume();
    await this.start();
    await this.promote();
    await this.empty();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get #listens(): boolean {
    return this.isUp && !this.#isPaused;
  }

  /** False when it is not there to be told, or goes meanwhile. */
  async #told(...commands: (string | number)[][]): Promise<boolean> {
    if (!this.#listens) return false;
    try {
      for (const command of commands) await this.server.cli(...command);
      return true;
    } catch {
      return false;
    }
  }
}
