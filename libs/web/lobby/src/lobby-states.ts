import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import { copyText } from '@cloudhop/web/state';
import { Button, Icon, Mascot, injectTranslate, type MascotPose } from '@cloudhop/web/ui';

/** The mascot, a sentence, and what to do next. */
@Component({
  selector: 'ch-moment',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Mascot],
  template: `
    <ch-mascot [pose]="pose()" />
    <h2>{{ title() }}</h2>
    <p>{{ text() }}</p>
    <ng-content />
  `,
  styles: `
    :host {
      --mascot: 132px;
      display: grid;
      place-content: center;
      justify-items: center;
      gap: 10px;
      height: 100%;
      padding: 24px;
      overflow: auto;
      text-align: center;
    }
    h2 {
      font-size: 1.25em;
      font-weight: 900;
      text-wrap: balance;
    }
    p {
      max-width: 32em;
      margin-bottom: 6px;
      color: var(--muted);
      text-wrap: pretty;
    }
  `,
})
export class Moment {
  readonly pose = input.required<MascotPose>();
  readonly title = input.required<string>();
  readonly text = input.required<string>();
}

/** Nobody has said anything yet. */
@Component({
  selector: 'ch-empty-lobby',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon, Moment],
  template: `
    <ch-moment pose="empty" [title]="t('state.emptyTitle')" [text]="t('state.emptyText')">
      <code>{{ address }}</code>
      <button chButton type="button" (click)="copy()">
        <ch-icon [name]="copied() ? 'check' : 'copy'" />
        {{ t(copied() ? 'state.copiedAddress' : 'state.copyAddress') }}
      </button>
      <p class="failed" role="status">{{ failed() ? t('message.notCopied') : '' }}</p>
    </ch-moment>
  `,
  styles: `
    :host {
      --icon: 19px;
      display: block;
      height: 100%;
    }
    code {
      max-width: 100%;
      padding: 4px 14px;
      border: 1px dashed var(--line-strong);
      border-radius: 12px;
      background: var(--surface);
      font: inherit;
      font-weight: 700;
      overflow-wrap: anywhere;
      user-select: all;
    }
    .failed {
      min-height: 1.5em;
      color: var(--muted);
    }
  `,
})
export class EmptyLobby {
  protected readonly t = injectTranslate();
  protected readonly address = location.origin;
  protected readonly copied = signal(false);
  protected readonly failed = signal(false);

  protected async copy(): Promise<void> {
    const isDone = await copyText(this.address);
    this.copied.set(isDone);
    this.failed.set(!isDone);
  }
}

/** Nothing can be shown: the server is away, or it is over. */
@Component({
  selector: 'ch-trouble',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Moment],
  template: `
    <ch-moment role="alert" [pose]="words().pose" [title]="t(words().title)" [text]="t(words().text)">
      <button chButton type="button" (click)="acted.emit(words().action)">{{ t(words().button) }}</button>
    </ch-moment>
  `,
})
export class Trouble {
  /** The error code of what ended; without one the server just can't be reached. */
  readonly code = input<string>();
  readonly acted = output<'tryNow' | 'reload'>();
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
}

/** The shape of what is about to be there. */
@Component({
  selector: 'ch-log-skeleton',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status', '[attr.aria-label]': "t('lobby.loading')" },
  template: `
    <div class="bubbles">
      @for (width of widths; track $index) {
        <i [class.mine]="width < 0" [style.width.px]="width < 0 ? -width : width"></i>
      }
    </div>
    <div class="field"></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      width: 100%;
      max-width: calc(var(--column) + 44px);
      height: 100%;
      margin: 0 auto;
      padding: 0 22px 16px;
    }
    .bubbles {
      display: flex;
      flex: 1;
      flex-direction: column;
      justify-content: flex-end;
      gap: 12px;
      min-height: 0;
      padding-bottom: 16px;
      overflow: hidden;
    }
    i {
      flex: none;
      max-width: 70%;
      height: 42px;
      border-radius: var(--radius-bubble);
      background: var(--surface);
      animation: wait 1.6s ease-in-out infinite;
    }
    .mine {
      align-self: flex-end;
      background: var(--mine);
    }
    .field {
      flex: none;
      height: 56px;
      border: 1px solid var(--line);
      border-radius: 28px;
      background: var(--surface);
    }
    @keyframes wait {
      50% {
        opacity: 0.55;
      }
    }
    @media (max-width: 719px) {
      :host {
        padding: 0 10px 10px;
      }
    }
  `,
})
export class LogSkeleton {
  protected readonly t = injectTranslate();
  protected readonly widths = [240, 320, -260, 180, 280, -200, -320, 220];
}
