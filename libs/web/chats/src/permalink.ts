import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ErrorCode } from '@cloudhop/contracts';
import { LogSkeleton } from '@cloudhop/web/messages';
import { MessageLocations } from '@cloudhop/web/navigation/message-locations';
import { ClientStore, ErrorState, errorBodyOf, errorStateOf } from '@cloudhop/web/state';
import { Button, EmptyState, injectTranslate } from '@cloudhop/web/ui';

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** Errors that a retry may resolve. */
const passing: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'overloaded', 'unavailable', 'internal']);
const retryMs = 2_000;

/** Screen of a message's address: leads to the conversation, at the message. Joins a public room on the way. */
@Component({
  selector: 'ch-permalink',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, ErrorState, LogSkeleton, RouterLink],
  template: `
    <main>
      @if (isClosed()) {
        <ch-empty-state role="alert" pose="goodbye" [title]="t('permalink.title')" [text]="t('permalink.text')">
          <a chButton routerLink="/lobby">{{ t('permalink.lobby') }}</a>
        </ch-empty-state>
      } @else if (errorState(); as errorState) {
        <ch-error-state [code]="errorState.code" />
      } @else {
        <span class="visually-hidden" role="status">{{ t('permalink.loading') }}</span>
        <ch-log-skeleton />
      }
    </main>
  `,
  styles: `
    :host,
    main {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-height: 0;
    }
    ch-empty-state {
      margin: auto;
    }
  `,
})
export class Permalink {
  readonly id = input.required<string>();
  readonly seq = input.required<string>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #locations = inject(MessageLocations);
  readonly #closed = signal<string | undefined>(undefined);
  readonly #address = computed(() => `${this.id().toLowerCase()}/${this.seq()}`);
  /** True if the message can't be reached. */
  protected readonly isClosed = computed(() => this.#closed() === this.#address());
  protected readonly errorState = computed(() => errorStateOf(this.#store.connection(), false));
  #asked: string | undefined;

  constructor() {
    effect(() => {
      const address = this.#address();
      const id = this.id().toLowerCase();
      const isKnown = this.#store.conversations().has(id);
      if (isKnown) untracked(() => void this.#locations.go(id, this.#number(), { replaceUrl: true }));
      else if (!uuid.test(id)) this.#closed.set(address);
      else if (this.#store.connection().phase === 'live') untracked(() => void this.#enter(address, id));
      // Tries again with the next connection.
      else this.#asked = undefined;
    });
  }

  /** Joins the room. The result arrives as a conversation, or not at all. */
  async #enter(address: string, id: string): Promise<void> {
    if (this.#asked === address) return;
    this.#asked = address;
    try {
      await this.#store.act.joinRoom(id);
    } catch (error) {
      const { code, retryAfterMs = retryMs } = errorBodyOf(error);
      if (!passing.has(code)) return this.#closed.set(address);
      setTimeout(() => {
        this.#asked = undefined;
        if (this.#store.connection().phase === 'live' && this.#address() === address) void this.#enter(address, id);
      }, retryAfterMs);
    }
  }

  /** Returns the seq in the address; 0 if it is no number, which shows the conversation as it is. */
  #number(): number {
    const seq = Number(this.seq());
    return Number.isSafeInteger(seq) && seq > 0 ? seq : 1;
  }
}
