import { parseArgs } from 'node:util';
import { Chance } from '../chance';
import { writeTable } from '../tables';
import { allMutants } from './all-mutants';
import { type Finding, runCatcher } from './catchers';
import type { Catcher, Mutant } from './mutant';
import { staleMutants } from './stale-mutants';
import { TreeCopy } from './tree-copy';

export const mutantsUsage =
  'mutants [--only <name>]… [--seconds <n> --seed <n>] [--write]: the code broken on purpose, one way at a time, and whether it is noticed';

/** Breaks a copy of the code in every named way, and shows which law or test notices each. */
export async function mutants(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      write: { type: 'boolean' },
    },
  });
  const stale = await staleMutants(process.cwd(), allMutants);
  if (stale.length > 0) throw new Error(`These mutants prove nothing:\n${stale.join('\n')}`);
  const chosen = allMutants.filter(({ name }) => values.only === undefined || values.only.includes(name));
  if (chosen.length === 0)
    throw new Error(`No such mutant. There are:\n${allMutants.map(({ name }) => name).join('\n')}`);
  const copy = new TreeCopy(process.cwd());
  process.once('exit', () => copy.remove());
  process.once('SIGTERM', () => process.exit(1));
  const lines = ['| mutant | broken | caught by | after |', '| --- | --- | --- | --- |'];
  const deadline = values.seconds === undefined ? Infinity : Date.now() + Number(values.seconds) * 1_000;
  const sound = new Set<string>();
  let count = 0;
  let survivors = 0;
  for (const mutant of values.seconds === undefined ? chosen : shuffledQuick(chosen, Number(values.seed))) {
    if (Date.now() > deadline) break;
    await requireSound(copy, mutant.catcher, sound);
    const { isCaught, what, after } = await judge(copy, mutant);
    count++;
    if (!isCaught) survivors++;
    const caughtBy = isCaught ? `${nameOf(mutant.catcher)}: ${what}` : `nobody (${nameOf(mutant.catcher)}) ${what}`;
    const line = `| ${[mutant.name, mutant.broken, caughtBy, after].map(cell).join(' | ')} |`;
    lines.push(line);
    process.stdout.write(`${line}\n`);
  }
  lines.push('', `Mutants: ${count}. Survivors: ${survivors}.`);
  process.stdout.write(`\n${lines.at(-1)}\n`);
  if (values.write === true) writeTable('docs/reliability.md', 'mutants', lines);
  process.exitCode = survivors > 0 || count === 0 ? 1 : 0;
}

/** Returns those that a spec catches, in an order of their own for each seed. The others take a whole run. */
function shuffledQuick(mutants: readonly Mutant[], seed: number): Mutant[] {
  return new Chance(seed).shuffled(mutants.filter(({ catcher }) => catcher.kind === 'spec'));
}

/** A catcher that fails at code that is not broken catches nothing. Each is tried once. */
async function requireSound(copy: TreeCopy, catcher: Catcher, sound: Set<string>): Promise<void> {
  const key = JSON.stringify(catcher);
  if (sound.has(key)) return;
  const { isCaught, what, after } = await runCatcher(copy.folder, catcher);
  if (isCaught) throw new Error(`${nameOf(catcher)} fails without any mutant: ${what}`);
  process.stdout.write(`${nameOf(catcher)}: passes without any mutant (${after})\n`);
  sound.add(key);
}

/** Counts a mutant that can't be applied or does not run as not caught. */
async function judge(copy: TreeCopy, { edits, catcher }: Mutant): Promise<Finding> {
  try {
    return await copy.whileEdited(edits, () => runCatcher(copy.folder, catcher));
  } catch (error) {
    return { isCaught: false, what: (error as Error).message, after: '' };
  }
}

function nameOf(catcher: Catcher): string {
  return catcher.kind === 'simulator' ? `simulator, ${catcher.setting}` : (catcher.file.split('/').at(-1) ?? '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
