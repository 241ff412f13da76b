import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { copyText } from '@cloudhop/web/state';
import { Button, Icon, injectTranslate } from '@cloudhop/web/ui';
import { QrCode } from './qr-code';

/** The address of somebody's profile, to copy or to be read by a camera. */
@Component({
  selector: 'ch-share-link',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon, QrCode],
  template: `
    @defer (on immediate) {
      <ch-qr-code [text]="address()" [label]="t('profile.qr', { address: address() })" />
    } @placeholder {
      <div class="place"></div>
    }
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
    .place {
      width: 196px;
      height: 196px;
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
  readonly username = input.required<string>();
  protected readonly t = injectTranslate();
  protected readonly address = computed(() => profileAddress(location.origin, this.username()));
  protected readonly isCopied = signal(false);
  protected readonly hasFailed = signal(false);

  protected async copy(): Promise<void> {
    const isDone = await copyText(this.address());
    this.isCopied.set(isDone);
    this.hasFailed.set(!isDone);
  }
}

/** Where a profile is; a name of any script makes an address that can be copied anywhere. */
export function profileAddress(origin: string, username: string): string {
  return `${origin}/u/${encodeURIComponent(username)}`;
}
