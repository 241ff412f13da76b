// What the scripts say to the person at the terminal. Standard error is for what went wrong only.
import { spawn } from 'node:child_process';
import { sentenceOf } from './failure.mjs';

// Whoever listened may have gone (a closed window, `| head`): that must not end what runs here.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const isTerminal = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
const paint = (code, text) => (isTerminal && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text) => paint('1', text);
export const faint = (text) => paint('2', text);

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {unknown} error @param {string} [folder] */
export function complain(error, folder) {
  process.stderr.write(`${paint('31', 'cloudhop:')} ${sentenceOf(error, folder)}\n`);
}

/**
 * Shows that a slow step is under way: a line that is rewritten on a terminal, a line every 15 s elsewhere.
 * @param {string} what
 * @returns {{ done: (result?: string) => void, stop: () => void }}
 */
export function progress(what) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  if (!isTerminal) say(`${what} …`);
  const timer = setInterval(
    () => (isTerminal ? process.stdout.write(`\r${what} … ${faint(seconds())} `) : say(faint(`  … ${seconds()}`))),
    isTerminal ? 1000 : 15_000,
  );
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    if (isTerminal) process.stdout.write('\r\u001b[K');
  };
  return { stop, done: (result = '') => (stop(), say(`${what} … ${result || 'done'} ${faint(`(${seconds()})`)}`)) };
}

/**
 * Runs a program and waits. Its output is shown only when it fails, unless `show`.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, signal?: AbortSignal }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, parameters, { cwd, env, show = false, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd,
      env,
      signal,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    const collect = (chunk) => (output += chunk);
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
