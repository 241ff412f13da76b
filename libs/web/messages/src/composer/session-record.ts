import { inject, signal } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';

/** Something that a person has in each conversation for as long as the tab lives, also over a reload. */
export class SessionRecord<T> {
  readonly #store = inject(ClientStore);
  readonly #values;

  /** `isValid` looks at what an earlier version of the page may have stored. */
  constructor(
    private readonly storageKey: string,
    isValid: (value: unknown) => value is T,
  ) {
    this.#values = signal(stored(storageKey, isValid));
  }

  /** Reactive. */
  of(conversationId: string): T | undefined {
    return this.#values()[this.#keyOf(conversationId)];
  }

  set(conversationId: string, value: T | undefined): void {
    const key = this.#keyOf(conversationId);
    const { [key]: _, ...others } = this.#values();
    const values = value === undefined ? others : { ...others, [key]: value };
    this.#values.set(values);
    try {
      sessionStorage.setItem(this.storageKey, JSON.stringify(values));
    } catch {
      // Without storage it lasts as long as the page.
    }
  }

  /** What one left is nothing to the next who logs in. */
  #keyOf(conversationId: string): string {
    return `${this.#store.me()?.id} ${conversationId}`;
  }
}

function stored<T>(storageKey: string, isValid: (value: unknown) => value is T): Readonly<Record<string, T>> {
  try {
    const values: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}');
    if (typeof values !== 'object' || values === null) return {};
    return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, T] => isValid(entry[1])));
  } catch {
    return {};
  }
}
