import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { isSwitcherShortcut } from '@cloudhop/web/shortcuts';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { SwitcherOverlay } from './switcher-overlay';
import { SwitcherPanel } from './switcher-panel';

/** Sheet of the quick switcher, opened by Ctrl K or ⌘ K on any screen. */
@Component({
  selector: 'ch-quick-switcher',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Sheet, SwitcherPanel],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when overlay.isOpen()) {
      @if (overlay.isOpen()) {
        <ch-sheet [label]="t('switcher.title')" [hasHead]="false" (closed)="overlay.close()">
          <ch-switcher-panel (gone)="overlay.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class QuickSwitcher {
  protected readonly overlay = inject(SwitcherOverlay);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    if (!isSwitcherShortcut(event)) return;
    event.preventDefault();
    if (this.overlay.isOpen()) this.overlay.close();
    // Another dialog is open: it has to be finished first.
    else if (!document.querySelector('dialog[open]')) this.overlay.open();
  }
}
