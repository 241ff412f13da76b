import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SettingName } from '../simulator/simulate';
import { simulateApart } from '../simulator/simulate-apart';
import type { Catcher } from './mutant';

/** Enough for what is rarest; a mutant that is caught ends at its first failure. */
const simulatedPrograms = 2_000;
/** Always the same programs, so that a mutant is caught by the same one every time. */
const seed = 20_260_801;
/** Which message it was, and how it looked, says nothing to a reader of the table. */
const uuids = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
const details = /: \{.*/;
const resultFile = 'tmp/mutants/result.json';
/** A catcher that hangs proves nothing. Milliseconds. */
const timeLimitMs = 300_000;

export interface Finding {
  readonly isCaught: boolean;
  /** The law that was broken, or the first test that failed. */
  readonly what: string;
  /** Part of the catcher that ran until then. */
  readonly after: string;
}

interface JestResult {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs one catcher over the copy as it is now. Throws when it could not come to a verdict. */
export async function runCatcher(folder: string, catcher: Catcher): Promise<Finding> {
  return catcher.kind === 'simulator' ? runSimulator(folder, catcher.setting) : runSpec(folder, catcher);
}

async function runSimulator(folder: string, setting: SettingName): Promise<Finding> {
  const simulation = { setting, runs: simulatedPrograms, seed, endOnFailure: true };
  const result = await simulateApart(simulation, timeLimitMs, folder);
  const law =
    result.failure
      ?.split('\n')[0]
      ?.replace(/^(?:BrokenLaw|Error): /, '')
      .replace(details, '')
      .replaceAll(uuids, 'a message') ?? '';
  return { isCaught: result.failure !== undefined, what: law, after: counted(result.programs, 'program') };
}

async function runSpec(folder: string, { project, file, test }: Catcher & { kind: 'spec' }): Promise<Finding> {
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', project, '--json', '--outputFile', resultFile];
  const chosen = ['--testPathPatterns', `/${file.replaceAll('.', '\\.')}$`];
  const named = test === undefined ? [] : ['--testNamePattern', test];
  const result = await run<JestResult>(
    folder,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest, ...named, ...chosen],
    timeLimitMs,
  );
  const ran = result.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed');
  if (result.numRuntimeErrorTestSuites > 0 || ran.length === 0)
    throw new Error(`no test ran: ${result.testResults.map(({ message }) => message).join('\n')}`);
  const failed = ran.filter(({ status }) => status === 'failed');
  return {
    isCaught: failed.length > 0,
    what: failed[0]?.fullName ?? '',
    after: counted(ran.length, 'test'),
  };
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Runs Node in the copy and reads the result that it leaves; its exit code says nothing that the result does not. */
async function run<T>(folder: string, args: readonly string[], limitMs: number): Promise<T> {
  const file = join(folder, resultFile);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const output: string[] = [];
  const child = spawn(process.execPath, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(String(chunk)));
  // The whole group: the catcher may have started servers of its own.
  const end = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, limitMs);
  process.once('exit', end);
  await new Promise((resolve) => child.once('close', resolve));
  process.off('exit', end);
  clearTimeout(timer);
  if (isLate) throw new Error(`it did not end within ${limitMs / 1_000} s`);
  if (!existsSync(file)) throw new Error(output.join('').trim().slice(-2_000));
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
