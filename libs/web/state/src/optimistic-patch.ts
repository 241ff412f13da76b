import { computed, linkedSignal, type Signal } from '@angular/core';

/** What was chosen and the server has not said yet, by field. `isTaken`: it has agreed, so that its next word counts. */
export type PendingChanges<T extends object> = ReadonlyMap<
  keyof T,
  { value: T[keyof T] | undefined; isTaken: boolean }
>;

/** What a person chose, shown over what the server says until it says so too. */
export interface OptimisticPatch<T extends object> {
  readonly shown: Signal<T>;
  /** Shows the change at once; takes it back and throws on when `ask` fails. */
  make: (change: Partial<T>, ask: () => Promise<unknown>) => Promise<void>;
}

export function withChange<T extends object>(pending: PendingChanges<T>, change: Partial<T>): PendingChanges<T> {
  const made = (Object.keys(change) as (keyof T)[]).map(
    (key) => [key, { value: change[key], isTaken: false }] as const,
  );
  return new Map([...pending, ...made]);
}

/** The server has answered; what was chosen differently meanwhile still waits. */
export function settleChange<T extends object>(
  pending: PendingChanges<T>,
  change: Partial<T>,
  isTaken: boolean,
): PendingChanges<T> {
  const left = new Map(pending);
  for (const [key, { value }] of pending) {
    if (!(key in change) || change[key] !== value) continue;
    if (isTaken) left.set(key, { value, isTaken });
    else left.delete(key);
  }
  return left;
}

/** What is left to wish for after the server's word. */
export function unconfirmedChanges<T extends object>(pending: PendingChanges<T>, told: T): PendingChanges<T> {
  return new Map([...pending].filter(([key, { value, isTaken }]) => !isTaken && told[key] !== value));
}

export function optimisticPatch<T extends object>(told: () => T): OptimisticPatch<T> {
  const pending = linkedSignal<T, PendingChanges<T>>({
    source: told,
    computation: (now, before) => unconfirmedChanges(before?.value ?? new Map(), now),
  });
  return {
    shown: computed(() => {
      const shown = { ...told() };
      for (const [key, { value }] of pending()) shown[key] = value as T[keyof T];
      return shown;
    }),
    async make(change, ask) {
      pending.update((before) => withChange(before, change));
      try {
        await ask();
        pending.update((before) => settleChange(before, change, true));
      } catch (error) {
        pending.update((before) => settleChange(before, change, false));
        throw error;
      }
    },
  };
}
