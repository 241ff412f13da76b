import { signal, type Signal } from '@angular/core';
import type { ErrorCode } from '@cloudhop/contracts';
import { errorBodyOf } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';

/** What these codes mean where groups are made and changed; all others mean what they always do. */
const ownWords: ReadonlySet<ErrorCode> = new Set([
  'limit_reached',
  'not_accepting',
  'forbidden',
  'not_found',
  'too_long',
  'invalid_text',
]);

export function problemKey(code: ErrorCode): string {
  return ownWords.has(code) ? `groups.problems.${code}` : `errors.${code}`;
}

/** One thing at a time that the server is asked to do with a group, and why it did not. */
export interface GroupTask {
  isBusy: Signal<boolean>;
  problem: Signal<string>;
  /** Whether it was done. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Says something that needs no server. */
  say: (problem: string) => void;
}

/** Call it where `inject` may be called. */
export function injectGroupTask(): GroupTask {
  const t = injectTranslate();
  const isBusy = signal(false);
  const problem = signal('');
  return {
    isBusy: isBusy.asReadonly(),
    problem: problem.asReadonly(),
    say: (words) => problem.set(words),
    run: async (work) => {
      if (isBusy()) return false;
      isBusy.set(true);
      problem.set('');
      try {
        await work();
        return true;
      } catch (error) {
        problem.set(t(problemKey(errorBodyOf(error).code)));
        return false;
      } finally {
        isBusy.set(false);
      }
    },
  };
}
