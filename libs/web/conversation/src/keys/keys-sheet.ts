import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { isHelpKey, isTextField } from './help-key';
import { KeysPanel } from './keys-panel';
import { KeysPlace } from './keys-place';

/** Every key that does something, over whatever screen is open. */
@Component({
  selector: 'ch-keys-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [KeysPanel, Sheet],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when place.isOpen()) {
      @if (place.isOpen()) {
        <ch-sheet [label]="t('keys.title')" [closeLabel]="t('search.close')" [isRoomy]="true" (closed)="place.close()">
          <ch-keys-panel />
        </ch-sheet>
      }
    }
  `,
})
export class KeysSheet {
  protected readonly place = inject(KeysPlace);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    // In a conversation the key has brought the focus into the composer by now.
    if (!isHelpKey(event, isTextField(document.activeElement))) return;
    if (this.place.isOpen()) this.place.close();
    else if (document.querySelector('dialog[open], .cdk-overlay-pane [role=menu]')) return;
    else this.place.show();
    event.preventDefault();
  }
}
