// Runs the built server as a child that stops by itself when this process dies.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { Failure } from './failure.mjs';
import { boundLog } from './log-file.mjs';
import { waitUntil } from './process-identity.mjs';
import { inRoot, node, root } from './workspace.mjs';

/** Longer than the server itself gives its drain. */
const drainLimitMs = 30_000;
const maxLogBytes = 20_000_000;

/**
 * Throws a Failure when the server could not listen there.
 * @param {string} host @param {number} port
 * @param {string} command the one that would be given another port
 */
export async function checkAddress(host, port, command) {
  const problem = await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
  if (!problem) return;
  if (problem.code === 'EADDRINUSE')
    throw new Failure(
      `Port ${port} is taken: stop the program that uses it, or choose another one, for example PORT=${port + 1} ${command}.`,
    );
  if (problem.code === 'EACCES')
    throw new Failure(`Port ${port} needs root: choose one above 1023, for example PORT=3000.`);
  throw new Failure(
    `HOST=${host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all of its networks.`,
  );
}

/**
 * Starts the server and waits until it listens. Throws a Failure with its own sentence when it does not.
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env
 * @param {string} options.log file that gets what it writes
 * @param {(child: import('node:child_process').ChildProcess) => void} options.onSpawn called at once, so that a start that is given up can be stopped
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, url: string }>}
 */
export async function startApi({ env, log, onSpawn }) {
  const releaseLog = boundLog(log, maxLogBytes);
  const output = openSync(log, 'a', 0o600);
  const from = statSync(log).size;
  const child = spawn(node, ['--enable-source-maps', inRoot('dist/apps/api/main.js')], {
    cwd: root,
    // Compiled code is kept between starts: it is a third of the time that a start takes.
    env: { NODE_COMPILE_CACHE: inRoot('node_modules/.cache/cloudhop'), ...env },
    // Not in the terminal's group: Ctrl-C reaches the script, which then stops things in order.
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  child.once('exit', releaseLog);
  onSpawn(child);
  return new Promise((resolve, reject) => {
    child.on('message', (message) => message?.type === 'ready' && resolve({ child, url: message.url }));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const said = readFileSync(log).subarray(from).toString();
      const sentence = /^cloudhop: (.+(?:\n {2}- .+)*)$/m.exec(said)?.[1];
      reject(
        /ENOSPC|No space left/.test(said)
          ? new Error('ENOSPC')
          : new Failure(sentence ?? `The server ended with ${code ?? signal} before it was ready: its log is ${log}.`),
      );
    });
  });
}

/**
 * Lets the server drain, and waits.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stopApi(child) {
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  if (!isOver()) child.kill('SIGTERM');
  if (!(await waitUntil(isOver, drainLimitMs))) child.kill('SIGKILL');
  await waitUntil(isOver, 5_000);
}
