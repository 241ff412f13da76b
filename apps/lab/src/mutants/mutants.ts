import { parseArgs } from 'node:util';
import { writeTable } from '../tables';
import { type Finding, runCatcher, runSpecFiles } from './catchers';
import { clientMutants } from './client-mutants';
import { togetherMutants } from './together-mutants';
import { databaseMutants } from './database-mutants';
import { feedMutants } from './feed-mutants';
import type { Catcher, Mutant } from './mutant';
import { roomsMutants } from './rooms-mutants';
import { serverMutants } from './server-mutants';
import { TreeCopy } from './tree-copy';

export const mutantsUsage =
  'mutants [--only <name>]… [--write]: the code broken on purpose, one way at a time, and whether it is noticed';

const all: readonly Mutant[] = [
  ...databaseMutants,
  ...serverMutants,
  ...feedMutants,
  ...clientMutants,
  ...togetherMutants,
  ...roomsMutants,
];

/** Breaks a copy of the code in every named way, and shows which law or test notices each. */
export async function mutants(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { only: { type: 'string', multiple: true }, write: { type: 'boolean' } },
  });
  const chosen = all.filter(({ name }) => values.only === undefined || values.only.includes(name));
  if (chosen.length === 0) throw new Error(`No such mutant. There are:\n${all.map(({ name }) => name).join('\n')}`);
  const copy = new TreeCopy(process.cwd());
  process.once('exit', () => copy.remove());
  process.once('SIGTERM', () => process.exit(1));
  await requireSound(copy, chosen);
  const lines = ['| mutant | broken | caught by | after |', '| --- | --- | --- | --- |'];
  let survivors = 0;
  for (const mutant of chosen) {
    const { isCaught, what, after } = await judge(copy, mutant);
    if (!isCaught) survivors++;
    const caughtBy = isCaught ? `${nameOf(mutant.catcher)}: ${what}` : `nobody (${nameOf(mutant.catcher)}) ${what}`;
    const line = `| ${[mutant.name, mutant.broken, caughtBy, after].map(cell).join(' | ')} |`;
    lines.push(line);
    process.stdout.write(`${line}\n`);
  }
  lines.push('', `Mutants: ${chosen.length}. Survivors: ${survivors}.`);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  if (values.write === true) writeTable('docs/reliability.md', 'mutants', lines);
  process.exitCode = survivors > 0 ? 1 : 0;
}

/** A catcher that fails at code that is not broken catches nothing. */
async function requireSound(copy: TreeCopy, chosen: readonly Mutant[]): Promise<void> {
  const settings = new Map<string, Catcher>();
  const files = { db: new Set<string>(), unit: new Set<string>() };
  for (const { catcher } of chosen) {
    if (catcher.kind === 'simulator') settings.set(catcher.setting, catcher);
    else files[catcher.project].add(catcher.file);
  }
  const require = ({ isCaught, what, after }: Finding, name: string) => {
    if (isCaught) throw new Error(`${name} fails without any mutant: ${what}`);
    process.stdout.write(`${name}: passes without any mutant (${after})\n`);
  };
  for (const catcher of settings.values()) require(await runCatcher(copy.folder, catcher), nameOf(catcher));
  for (const project of ['unit', 'db'] as const) {
    const specs = [...files[project]];
    if (specs.length > 0) require(await runSpecFiles(copy.folder, project, specs), `${project} specs`);
  }
}

/** What can't be applied, or does not run at all, is counted as not caught: nothing was shown. */
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
