import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { ConnectionView } from '@cloudhop/sdk';
import { ClientStore } from '@cloudhop/web/state';
import { Button, Moment, injectTranslate } from '@cloudhop/web/ui';

/** Nothing can be shown: the server is away, or it is over. */
@Component({
  selector: 'ch-trouble',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Moment],
  template: `
    <ch-moment role="alert" [pose]="words().pose" [title]="t(words().title)" [text]="t(words().text)">
      <button chButton type="button" (click)="solve()">{{ t(words().button) }}</button>
    </ch-moment>
  `,
})
export class Trouble {
  /** The error code of what ended; without one the server just can't be reached. */
  readonly code = input<string>();
  readonly #store = inject(ClientStore);
  protected readonly t = injectTranslate();

  protected readonly words = computed(() => {
    const code = this.code();
    const over = { button: 'state.reload', action: 'reload' } as const;
    if (code === undefined)
      return {
        pose: 'offline',
        title: 'state.unreachableTitle',
        text: 'state.unreachableText',
        button: 'state.retry',
        action: 'tryNow',
      } as const;
    if (code === 'upgrade_required')
      return { ...over, pose: 'found', title: 'state.upgradeTitle', text: 'state.upgradeText' } as const;
    if (code === 'session_ended' || code === 'unauthenticated')
      return {
        ...over,
        pose: 'goodbye',
        title: 'state.signedOutTitle',
        text: 'state.signedOutText',
        button: 'state.comeBack',
      } as const;
    if (code === 'banned')
      return { ...over, pose: 'error', title: 'state.bannedTitle', text: 'errors.banned' } as const;
    return { ...over, pose: 'error', title: 'state.brokenTitle', text: `errors.${code}` } as const;
  });

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
