import { signal, type Signal } from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import { injectTranslate } from '@cloudhop/web/ui';
import { errorBodyOf } from './client-store';

/** One request at a time, with its error. */
export interface Task {
  isBusy: Signal<boolean>;
  problem: Signal<string>;
  /** Runs `work` unless busy. Resolves to true if it succeeded. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Shows an error that did not come from the server. */
  showProblem: (problem: string) => void;
}

/** Creates a task; `keyOf` returns the translation key of an error. Requires an injection context. */
export function injectTask(keyOf: (error: ErrorBody) => string): Task {
  const t = injectTranslate();
  const isBusy = signal(false);
  const problem = signal('');
  return {
    isBusy: isBusy.asReadonly(),
    problem: problem.asReadonly(),
    showProblem: (text) => problem.set(text),
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
