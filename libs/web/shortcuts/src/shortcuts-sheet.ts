import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { isHelpShortcut, isTextField } from './help-shortcut';
import { ShortcutsPanel } from './shortcuts-panel';
import { ShortcutsOverlay } from './shortcuts-overlay';

/** Sheet with all keyboard shortcuts, opened by its own shortcut on any screen. */
@Component({
  selector: 'ch-shortcuts-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Sheet, ShortcutsPanel],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when overlay.isOpen()) {
      @if (overlay.isOpen()) {
        <ch-sheet
          [label]="t('keys.title')"
          [closeLabel]="t('search.close')"
          [isRoomy]="true"
          (closed)="overlay.close()"
        >
          <ch-shortcuts-panel />
        </ch-sheet>
      }
    }
  `,
})
export class ShortcutsSheet {
  protected readonly overlay = inject(ShortcutsOverlay);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    // In a conversation, this key event has already moved the focus into the composer.
    if (!isHelpShortcut(event, isTextField(document.activeElement))) return;
    if (this.overlay.isOpen()) this.overlay.close();
    else if (document.querySelector('dialog[open], .cdk-overlay-pane [role=menu]')) return;
    else this.overlay.show();
    event.preventDefault();
  }
}
