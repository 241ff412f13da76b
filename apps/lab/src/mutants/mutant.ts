import type { SettingName } from '../simulator/simulate';

/** Test that must fail on the broken code. */
export type Catcher =
  | { readonly kind: 'simulator'; readonly setting: SettingName }
  | {
      readonly kind: 'spec';
      readonly project: 'db' | 'unit';
      readonly file: string;
      /** Runs only the tests whose names match; all of the file without it. */
      readonly test?: string;
    };

/** `find` must occur exactly once in the file, so that the list can't outlive the code that it breaks. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** One named way to break the code. */
export interface Mutant {
  readonly name: string;
  /** Description of the fault. */
  readonly broken: string;
  readonly edits: readonly Edit[];
  readonly catcher: Catcher;
}

/** The text with the edit made; throws where `find` does not occur exactly once. */
export function applyEdit(text: string, { file, find, replace }: Edit): string {
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`${JSON.stringify(find)} occurs ${count} times in ${file}, not once`);
  return text.replace(find, () => replace);
}

/** The place of a mutant without its repetition: most break one spot. */
export function edit(file: string, find: string, replace: string): Edit[] {
  return [{ file, find, replace }];
}
