import { Injectable, signal } from '@angular/core';

/** Whose card is wanted, and from where. */
export interface PersonCardRequest {
  userId: string;
  /** Beside what it opens on larger screens; without it in the middle. */
  anchor?: DOMRect;
  /** Writes the person's name where one is writing. */
  mention?: (name: string) => void;
}

/** The card of a person: anything on the page may ask for it, the frame around the page shows it. */
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
