import { Injectable, computed, inject, signal } from '@angular/core';
import { ClientStore, readPreference, writePreference } from '@cloudhop/web/state';
import { isOfferDue } from './offer-due';

/** Decides when a guest is offered an account: rarely, and only after they have sent messages or made a friend. */
@Injectable({ providedIn: 'root' })
export class AccountOffers {
  readonly #store = inject(ClientStore);
  readonly #said = signal(Number(readPreference('said') ?? 0));
  readonly #declinedAt = signal(Number(readPreference('accountDeclinedAt') ?? 0));
  readonly isDue = computed(() => {
    const me = this.#store.me();
    if (me?.kind !== 'guest') return false;
    const hasFriend = [...this.#store.friends().values()].some(({ state }) => state === 'friend');
    return isOfferDue({ said: this.#said(), hasFriend, declinedAt: this.#declinedAt(), now: Date.now() });
  });

  /** Counts a sent message. */
  said(): void {
    this.#said.update((count) => count + 1);
    writePreference('said', String(this.#said()));
  }

  decline(): void {
    this.#declinedAt.set(Date.now());
    writePreference('accountDeclinedAt', String(this.#declinedAt()));
  }
}
