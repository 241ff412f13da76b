import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, applyEdit } from './mutant';
import { runningCode } from './running-code';

/**
 * Returns a sentence for each mutant that proves nothing: its text is not in the code that runs, or its catcher is not
 * there. The tree is that of `root`.
 */
export async function staleMutants(root: string, mutants: readonly Mutant[]): Promise<string[]> {
  const running = await runningCode(root);
  return mutants.flatMap((mutant) => {
    const reason = staleness(root, running, mutant);
    return reason === undefined ? [] : [`${mutant.name}: ${reason}`];
  });
}

function staleness(root: string, running: ReadonlySet<string>, { edits, catcher }: Mutant): string | undefined {
  const texts = new Map<string, string>();
  for (const edit of edits) {
    if (!running.has(edit.file)) return `${edit.file} is no part of the programs`;
    try {
      texts.set(edit.file, applyEdit(texts.get(edit.file) ?? readFileSync(join(root, edit.file), 'utf8'), edit));
    } catch (error) {
      return (error as Error).message;
    }
  }
  if (catcher.kind === 'simulator') return undefined;
  const spec = join(root, catcher.file);
  if (!existsSync(spec)) return `${catcher.file} is not there`;
  if (catcher.test !== undefined && !readFileSync(spec, 'utf8').includes(catcher.test))
    return `no test of ${catcher.file} is called ${JSON.stringify(catcher.test)}`;
  return undefined;
}
