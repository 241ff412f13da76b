import { computed, linkedSignal, type Signal } from '@angular/core';

/**
 * Changed fields that the server has not confirmed. `isConfirmed`: the request succeeded, so the next server value wins.
 */
type PendingChanges<T extends object> = ReadonlyMap<keyof T, { value: T[keyof T] | undefined; isConfirmed: boolean }>;

/** Optimistic updates on top of a server value. */
export interface OptimisticPatch<T extends object> {
  readonly shown: Signal<T>;
  /** Shows the change at once. Reverts it and rethrows if `ask` fails. */
  apply: (change: Partial<T>, ask: () => Promise<unknown>) => Promise<void>;
}

function withChange<T extends object>(pending: PendingChanges<T>, change: Partial<T>): PendingChanges<T> {
  const made = (Object.keys(change) as (keyof T)[]).map(
    (key) => [key, { value: change[key], isConfirmed: false }] as const,
  );
  return new Map([...pending, ...made]);
}

/** Handles the reply to a change. Fields that were changed again meanwhile stay pending. */
function settleChange<T extends object>(
  pending: PendingChanges<T>,
  change: Partial<T>,
  isConfirmed: boolean,
): PendingChanges<T> {
  const left = new Map(pending);
  for (const [key, { value }] of pending) {
    if (!(key in change) || change[key] !== value) continue;
    if (isConfirmed) left.set(key, { value, isConfirmed });
    else left.delete(key);
  }
  return left;
}

/** Returns the changes that a new server value does not confirm. */
function unconfirmedChanges<T extends object>(pending: PendingChanges<T>, serverValue: T): PendingChanges<T> {
  return new Map([...pending].filter(([key, { value, isConfirmed }]) => !isConfirmed && serverValue[key] !== value));
}

export function optimisticPatch<T extends object>(serverValue: () => T): OptimisticPatch<T> {
  const pending = linkedSignal<T, PendingChanges<T>>({
    source: serverValue,
    computation: (now, before) => unconfirmedChanges(before?.value ?? new Map(), now),
  });
  return {
    shown: computed(() => {
      const shown = { ...serverValue() };
      for (const [key, { value }] of pending()) shown[key] = value as T[keyof T];
      return shown;
    }),
    async apply(change, ask) {
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
