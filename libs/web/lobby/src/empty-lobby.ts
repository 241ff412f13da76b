import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { copyText } from '@cloudhop/web/state';
import { Button, EmptyState, Icon, injectTranslate } from '@cloudhop/web/ui';

/** Empty state of the lobby. */
@Component({
  selector: 'ch-empty-lobby',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, Icon],
  template: `
    <ch-empty-state pose="empty" [title]="t('state.emptyTitle')" [text]="t('state.emptyText')">
      <code>{{ address }}</code>
      <button chButton type="button" (click)="copy()">
        <ch-icon [name]="copied() ? 'check' : 'copy'" />
        {{ t(copied() ? 'state.copiedAddress' : 'state.copyAddress') }}
      </button>
      <p class="failed" role="status">{{ failed() ? t('message.notCopied') : '' }}</p>
    </ch-empty-state>
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
