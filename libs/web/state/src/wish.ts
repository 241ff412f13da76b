import { computed, linkedSignal, type Signal } from '@angular/core';

/** What was chosen and the server has not said yet, by field. `isTaken`: it has agreed, so that its next word counts. */
export type Wishes<T extends object> = ReadonlyMap<keyof T, { value: T[keyof T] | undefined; isTaken: boolean }>;

/** What a person chose, shown over what the server says until it says so too. */
export interface Wish<T extends object> {
  readonly shown: Signal<T>;
  /** Shows the change at once; takes it back and throws on when `ask` fails. */
  make: (change: Partial<T>, ask: () => Promise<unknown>) => Promise<void>;
}

export function withWish<T extends object>(wishes: Wishes<T>, change: Partial<T>): Wishes<T> {
  const made = (Object.keys(change) as (keyof T)[]).map(
    (key) => [key, { value: change[key], isTaken: false }] as const,
  );
  return new Map([...wishes, ...made]);
}

/** The server has answered; what was chosen differently meanwhile still waits. */
export function answeredWish<T extends object>(wishes: Wishes<T>, change: Partial<T>, isTaken: boolean): Wishes<T> {
  const left = new Map(wishes);
  for (const [key, { value }] of wishes) {
    if (!(key in change) || change[key] !== value) continue;
    if (isTaken) left.set(key, { value, isTaken });
    else left.delete(key);
  }
  return left;
}

/** What is left to wish for after the server's word. */
export function stillWished<T extends object>(wishes: Wishes<T>, told: T): Wishes<T> {
  return new Map([...wishes].filter(([key, { value, isTaken }]) => !isTaken && told[key] !== value));
}

export function wishOver<T extends object>(told: () => T): Wish<T> {
  const wishes = linkedSignal<T, Wishes<T>>({
    source: told,
    computation: (now, before) => stillWished(before?.value ?? new Map(), now),
  });
  return {
    shown: computed(() => {
      const shown = { ...told() };
      for (const [key, { value }] of wishes()) shown[key] = value as T[keyof T];
      return shown;
    }),
    async make(change, ask) {
      wishes.update((before) => withWish(before, change));
      try {
        await ask();
        wishes.update((before) => answeredWish(before, change, true));
      } catch (error) {
        wishes.update((before) => answeredWish(before, change, false));
        throw error;
      }
    },
  };
}
