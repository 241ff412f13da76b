import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { isHelpShortcut, isTextField } from './help-shortcut';
import { ShortcutsPanel } from './shortcuts-panel';
import { ShortcutsOverlay } from './shortcuts-overlay';

/** Every key that does something, over whatever screen is open. */
@Component({
  selector: 'ch-shortcuts-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Sheet, ShortcutsPanel],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when place.isOpen()) {
      @if (place.isOpen()) {
        <ch-sheet [label]="t('keys.title')" [closeLabel]="t('search.close')" [isRoomy]="true" (closed)="place.close()">
          <ch-shortcuts-panel />
        </ch-sheet>
      }
    }
  `,
})
export class ShortcutsSheet {
  protected readonly place = inject(ShortcutsOverlay);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    // In a conversation the key has brought the focus into the composer by now.
    if (!isHelpShortcut(event, isTextField(document.activeElement))) return;
    if (this.place.isOpen()) this.place.close();
    else if (document.querySelector('dialog[open], .cdk-overlay-pane [role=menu]')) return;
    else this.place.show();
    event.preventDefault();
  }
}
