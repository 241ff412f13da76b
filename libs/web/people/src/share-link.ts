import { ChangeDetectionStrategy, Component, input, linkedSignal } from '@angular/core';
import { copyText } from '@cloudhop/web/state';
import { Button, Icon, injectTranslate } from '@cloudhop/web/ui';
import { QrCode } from '@cloudhop/web/ui/form';

/** Address to share, with a copy button and a QR code. */
@Component({
  selector: 'ch-share-link',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon, QrCode],
  template: `
    <ch-qr-code [text]="address()" [label]="t('profile.qr', { address: address() })" />
    <code>{{ address() }}</code>
    <button chButton look="soft" type="button" (click)="copy()">
      <ch-icon [name]="isCopied() ? 'check' : 'copy'" />
      {{ t(isCopied() ? 'state.copiedAddress' : 'profile.copy') }}
    </button>
    <p role="status">{{ hasFailed() ? t('message.notCopied') : '' }}</p>
  `,
  styles: `
    :host {
      --icon: 19px;
      display: grid;
      justify-items: center;
      gap: 12px;
    }
    code {
      max-width: 100%;
      color: var(--muted);
      font: inherit;
      font-weight: 700;
      text-align: center;
      overflow-wrap: anywhere;
      user-select: all;
    }
    p:empty {
      display: none;
    }
  `,
})
export class ShareLink {
  readonly address = input.required<string>();
  protected readonly t = injectTranslate();
  // Reset when the address changes.
  protected readonly isCopied = linkedSignal({ source: this.address, computation: () => false });
  protected readonly hasFailed = linkedSignal({ source: this.address, computation: () => false });

  protected async copy(): Promise<void> {
    const isDone = await copyText(this.address());
    this.isCopied.set(isDone);
    this.hasFailed.set(!isDone);
  }
}
