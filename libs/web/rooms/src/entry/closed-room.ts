import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ErrorCode } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { Button, EmptyState, injectTranslate, type MascotPose } from '@cloudhop/web/ui';

/** Reason why the user is not in a room. `isPassing`: a retry may succeed. */
export interface Closure {
  kind: ErrorCode | 'left' | 'leftPrivate' | 'takenOut' | 'takenOutPrivate';
  isPassing: boolean;
}

/** Reasons with a text of their own, each with a pose and whether entering again can help. */
const known: Partial<Record<Closure['kind'], { pose: MascotPose; canEnter: boolean }>> = {
  left: { pose: 'goodbye', canEnter: true },
  leftPrivate: { pose: 'goodbye', canEnter: false },
  takenOut: { pose: 'goodbye', canEnter: true },
  takenOutPrivate: { pose: 'goodbye', canEnter: false },
  not_found: { pose: 'empty', canEnter: false },
  banned: { pose: 'error', canEnter: false },
  members_only: { pose: 'found', canEnter: true },
  archived: { pose: 'waiting', canEnter: false },
  invite_ended: { pose: 'goodbye', canEnter: false },
};

/** Placeholder for a room that can't be entered: the reason, and the next step. */
@Component({
  selector: 'ch-closed-room',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, RouterLink],
  template: `
    <ch-empty-state role="alert" [pose]="look().pose" [title]="words().title" [text]="words().text">
      <div>
        @if (isForAccounts()) {
          <a chButton routerLink="/settings" fragment="account">{{ t('offer.go') }}</a>
        } @else if (look().canEnter) {
          <button chButton type="button" (click)="entered.emit()">
            {{ t(closure().isPassing ? 'state.retry' : 'rooms.closed.again') }}
          </button>
        }
        <a chButton look="soft" routerLink="/rooms">{{ t('rooms.closed.toRooms') }}</a>
      </div>
    </ch-empty-state>
  `,
  styles: `
    :host {
      display: block;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
    }
  `,
})
export class ClosedRoom {
  readonly closure = input.required<Closure>();
  readonly title = input.required<string>();
  /** Emits when the user wants to enter. */
  readonly entered = output();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  /** True for a guest at a room for accounts, who may enter after registering. */
  protected readonly isForAccounts = computed(
    () => this.closure().kind === 'members_only' && this.#store.me()?.kind === 'guest',
  );
  protected readonly look = computed(
    () => known[this.closure().kind] ?? { pose: 'error' as const, canEnter: this.closure().isPassing },
  );
  protected readonly words = computed(() => {
    const { kind } = this.closure();
    const title = `\u2068${this.title()}\u2069`;
    if (!known[kind]) return { title: this.t('rooms.closed.brokenTitle', { title }), text: this.t(`errors.${kind}`) };
    return { title: this.t(`rooms.closed.${kind}.title`, { title }), text: this.t(`rooms.closed.${kind}.text`) };
  });
}
