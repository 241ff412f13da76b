import { signal, type Signal } from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import { errorBodyOf } from './client-store';
import { injectTranslate } from '@cloudhop/web/ui';

/** One thing at a time that the server is asked to do, and why it did not. */
export interface Task {
  isBusy: Signal<boolean>;
  problem: Signal<string>;
  /** Whether it was done. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Says something that needs no server. */
  say: (problem: string) => void;
}

/** `keyOf` gives the words for an error. Call it where `inject` may be called. */
export function injectTask(keyOf: (error: ErrorBody) => string): Task {
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
        problem.set(t(keyOf(errorBodyOf(error))));
        return false;
      } finally {
        isBusy.set(false);
      }
    },
  };
}
