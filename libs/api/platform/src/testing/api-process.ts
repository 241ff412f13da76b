import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The built API as a process of its own, which can die in the middle of anything. */
export interface ApiProcess {
  /** Origin of the server, e.g. http://127.0.0.1:41234. */
  readonly url: string;
  readonly pid: number;
  /** Output of both streams so far. */
  readonly output: string;
  /** Ends it at once, as a crash or the machine's power switch would. */
  kill(): Promise<void>;
  /** Asks it to drain and waits. Answers the exit code. */
  stop(): Promise<number | null>;
}

export interface ApiProcessOptions {
  databaseUrl: string;
  /** Over what the harness sets; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** 0, the default, takes any free port; give a port to come back at the same address after a kill. */
  port?: number;
  /** Keep it over restarts, or sessions end with the secrets; a folder of its own by default. */
  dataDir?: string;
  /** An open file that gets both streams instead of `output`, for example /dev/full. */
  outputFd?: number;
}

const started = new Set<ChildProcess>();
const folders = new Set<string>();

/** Ends the processes that a spec leaves behind, also when it failed. */
afterAll(async () => {
  await Promise.all([...started].map((child) => end(child, 'SIGKILL')));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Starts the server as it is now and waits until it listens. Rejects with what it wrote when it ends instead.
 * Only for *.db.spec.ts: the db project of Jest builds the bundle.
 */
export async function startApiProcess({
  databaseUrl,
  env,
  port = 0,
  dataDir,
  outputFd,
}: ApiProcessOptions): Promise<ApiProcess> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'cloudhop-api-'));
  if (dataDir === undefined) folders.add(folder);
  const bundle = process.env['TEST_API_BUNDLE'];
  if (!bundle) throw new Error('startApiProcess() is for *.db.spec.ts files, run through the db project of Jest');
  const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', outputFd ?? 'pipe', outputFd ?? 'pipe', 'ipc'],
  });
  started.add(child);
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  const url = await new Promise<string>((ready, failed) => {
    child.on('message', (message) => isReady(message) && ready(message.url));
    child.once('error', failed);
    child.once('exit', (code, signal) =>
      failed(new Error(`the API ended with ${code ?? signal} before it listened:\n${output}`)),
    );
  });
  return {
    url,
    pid: child.pid!,
    get output() {
      return output;
    },
    kill: async () => void (await end(child, 'SIGKILL')),
    stop: () => end(child, 'SIGTERM'),
  };
}

function isReady(message: unknown): message is { type: 'ready'; url: string } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  started.delete(child);
  if (child.exitCode === null && child.signalCode === null) {
    const over = once(child, 'exit');
    child.kill(signal);
    await over;
  }
  return child.exitCode;
}
