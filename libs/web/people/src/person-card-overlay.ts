import { Injectable, signal } from '@angular/core';

/** Request to open a person's card. */
export interface PersonCardRequest {
  userId: string;
  /** Position of the card on large screens; without it the card is centred. */
  anchor?: DOMRect;
  /** Inserts the person's name into the composer. */
  mention?: (name: string) => void;
}

/** State of the person card overlay. Any screen can open it; `PersonSheet` renders it. */
@Injectable({ providedIn: 'root' })
export class PersonCardOverlay {
  readonly #request = signal<PersonCardRequest | undefined>(undefined);
  readonly request = this.#request.asReadonly();

  show(request: PersonCardRequest): void {
    this.#request.set(request);
  }

  close(): void {
    this.#request.set(undefined);
  }
}
