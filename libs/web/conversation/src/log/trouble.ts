import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ConnectionView } from '@cloudhop/sdk';
import { ClientStore } from '@cloudhop/web/state';
import { Button, Moment, injectTranslate, type MascotPose } from '@cloudhop/web/ui';
import { connectionReason } from './connection-reason';

interface Words {
  pose: MascotPose;
  title: string;
  text: string;
  button: string;
  action: 'tryNow' | 'reload';
  hasLogIn?: true;
}

/** Nothing can be shown: the server is away, or it is over. */
@Component({
  selector: 'ch-trouble',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Moment, RouterLink],
  template: `
    @let words = this.words();
    <ch-moment role="alert" [pose]="words.pose" [title]="t(words.title)" [text]="t(words.text, { address })">
      <div class="ways">
        @if (words.hasLogIn) {
          <a chButton routerLink="/login">{{ t('settings.account.logIn') }}</a>
        }
        <button chButton type="button" [look]="words.hasLogIn ? 'soft' : 'brand'" (click)="solve()">
          {{ t(words.button) }}
        </button>
      </div>
    </ch-moment>
  `,
  styles: `
    .ways {
      display: flex;
      flex-wrap: wrap;
      gap: 10px;
      justify-content: center;
    }
  `,
})
export class Trouble {
  /** The error code of what ended; without one the server just can't be reached. */
  readonly code = input<string>();
  readonly #store = inject(ClientStore);
  protected readonly reason = computed(() =>
    this.code() === undefined ? connectionReason(this.#store.connection()) : undefined,
  );
  protected readonly t = injectTranslate();

  protected readonly words = computed((): Words => {
    const code = this.code();
    const over = { button: 'state.reload', action: 'reload' } as const;
    const reason = this.reason();
    if (reason)
      return {
        pose: 'waiting',
        title: `unreachable.${reason}.title`,
        text: `unreachable.${reason}.text`,
        button: 'state.retry',
        action: 'tryNow',
      };
    if (code === undefined)
      return {
        pose: 'offline',
        title: 'state.unreachableTitle',
        text: 'state.unreachableText',
        button: 'state.retry',
        action: 'tryNow',
      };
    if (code === 'foreign_origin')
      return {
        ...over,
        pose: 'error',
        title: 'unreachable.foreign_origin.title',
        text: 'unreachable.foreign_origin.text',
      };
    if (code === 'upgrade_required')
      return { ...over, pose: 'found', title: 'state.upgradeTitle', text: 'state.upgradeText' };
    if (code === 'session_ended' || code === 'unauthenticated')
      return {
        ...over,
        pose: 'goodbye',
        title: 'state.signedOutTitle',
        text: 'state.signedOutText',
        button: 'state.asGuest',
        hasLogIn: true,
      };
    if (code === 'banned') return { ...over, pose: 'error', title: 'state.bannedTitle', text: 'errors.banned' };
    return { ...over, pose: 'error', title: 'state.brokenTitle', text: `errors.${code}` };
  });

  /** Where the page was opened, as its operator would have to name it. */
  protected readonly address = location.origin;

  protected solve(): void {
    if (this.words().action === 'reload') location.reload();
    else this.#store.act.tryNow();
  }
}

/** What keeps a screen from showing what belongs there: it is over, or the server was never reached. */
export function troubleOf(
  { fatal, phase, attempts }: ConnectionView,
  hasSomething: boolean,
): { code?: string } | undefined {
  if (fatal) return { code: fatal.code };
  return phase !== 'live' && attempts > 0 && !hasSomething ? {} : undefined;
}
