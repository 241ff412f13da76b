import { Worker } from 'node:worker_threads';

/**
 * Code of the thread. It is text, because the built server is one file and the tests run from many. On Linux the thread
 * lowers its priority, so that log-ins don't slow down messages, but keeps enough for log-ins on a busy server.
 */
const code = `
  const { readlinkSync } = require('node:fs');
  const { setPriority } = require('node:os');
  const { parentPort, workerData } = require('node:worker_threads');
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').pop()), 10);
  } catch {}
  const { hashSync, verifySync } = require(workerData);
  parentPort.on('message', ({ stored, password }) => {
    try {
      parentPort.postMessage(stored === undefined ? hashSync(password) : verifySync(stored, password));
    } catch (error) {
      parentPort.postMessage(error);
    }
  });
`;

/**
 * Thread that hashes passwords (argon2id), one at a time. Starts with the first password. Unref'd: does not keep the
 * process alive.
 */
export class HashingThread {
  #worker: Worker | undefined;
  #asked: PromiseWithResolvers<unknown> | undefined;

  /** Returns the hash, with its parameters and its salt. */
  hash(password: string): Promise<string> {
    return this.#ask({ password }) as Promise<string>;
  }

  verify(stored: string, password: string): Promise<boolean> {
    return this.#ask({ stored, password }) as Promise<boolean>;
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask(work: { stored?: string; password: string }): Promise<unknown> {
    const worker = (this.#worker ??= this.#start());
    const asked = (this.#asked = Promise.withResolvers<unknown>());
    worker.ref();
    worker.postMessage(work);
    try {
      return await asked.promise;
    } finally {
      worker.unref();
    }
  }

  #start(): Worker {
    const worker = new Worker(code, { eval: true, workerData: require.resolve('@node-rs/argon2') });
    worker.on('message', (answer: unknown) => {
      if (answer instanceof Error) this.#asked?.reject(answer);
      else this.#asked?.resolve(answer);
    });
    worker.on('error', (error) => this.#asked?.reject(error));
    worker.once('exit', () => {
      this.#worker = undefined;
      this.#asked?.reject(new Error('the hashing thread ended'));
    });
    return worker;
  }
}
