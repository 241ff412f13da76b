import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, Icon, IconButton, injectTranslate } from '@cloudhop/web/ui';
import { PersonActions } from './person-actions';
import { PersonHeader } from './person-header';
import { injectProfile } from './inject-profile';

/** Card of a person with profile and actions. */
@Component({
  selector: 'ch-person-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon, IconButton, PersonActions, PersonHeader],
  template: `
    <button chIconButton class="close" type="button" [attr.aria-label]="t('people.cancel')" (click)="closed.emit()">
      <ch-icon name="close" />
    </button>
    @if (user(); as user) {
      <ch-person-header [user]="user" [profile]="profile()" />
      <ch-person-actions
        [user]="user"
        [mayMessage]="profile()?.mayMessage"
        [mention]="mention()"
        (left)="closed.emit()"
      />
    } @else if (asked.isLoading()) {
      <div class="waiting" role="status" [attr.aria-label]="t('person.loading')"><i></i><i></i></div>
    }
    @if (problem(); as problem) {
      <p role="alert">{{ problem }}</p>
      <button chButton look="soft" type="button" (click)="asked.reload()">{{ t('state.retry') }}</button>
    }
  `,
  styles: `
    :host {
      position: relative;
      display: grid;
      justify-items: center;
      gap: 14px;
      padding: 28px 20px 20px;
    }
    .close {
      position: absolute;
      inset: 8px 8px auto auto;
    }
    ch-person-header,
    ch-person-actions {
      width: 100%;
    }
    p {
      color: var(--muted);
      text-align: center;
    }
    .waiting {
      display: grid;
      justify-items: center;
      gap: 12px;
      min-height: 180px;
    }
    i {
      width: 160px;
      height: 24px;
      border-radius: var(--pill);
      background: var(--surface2);
      animation: wait 1.6s ease-in-out infinite;
    }
    i:first-child {
      width: 72px;
      height: 72px;
      border-radius: 24px;
    }
    @keyframes wait {
      50% {
        opacity: 0.55;
      }
    }
  `,
})
export class PersonCard {
  readonly userId = input.required<string>();
  readonly mention = input<(name: string) => void>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);

  readonly #profile = injectProfile({
    key: this.userId,
    relation: () => {
      const id = this.userId();
      return `${this.#store.friends().get(id)?.state} ${this.#store.blocks().get(id)}`;
    },
    ask: (id) => this.#store.act.call('users.profile', { params: { id } }),
  });
  protected readonly profile = this.#profile.profile;
  protected readonly asked = this.#profile.asked;
  protected readonly user = computed(() => {
    const known = this.#store.users().get(this.userId());
    const fetched = this.profile()?.user;
    return known && fetched ? (known.profileRev > fetched.profileRev ? known : fetched) : (known ?? fetched);
  });
  protected readonly problem = computed(() => {
    const error = this.asked.error();
    return error ? this.t(`errors.${errorBodyOf(error.cause ?? error).code}`) : '';
  });
}
