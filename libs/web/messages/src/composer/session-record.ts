import { inject, signal } from '@angular/core';
import { ClientStore } from '@cloudhop/web/state';

/** Values by conversation, kept in session storage: they survive a reload and end with the tab. */
export class SessionRecord<T> {
  readonly #store = inject(ClientStore);
  readonly #values;

  /** `isValid` checks values that an earlier release may have stored. */
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
      // Without session storage the values live as long as the page.
    }
  }

  /** Keys include the user id, so nothing carries over to the next account. */
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
