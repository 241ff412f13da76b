import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { isSwitcherShortcut } from '@cloudhop/web/shortcuts';
import { SwitcherOverlay } from './switcher-overlay';
import { SwitcherPanel } from './switcher-panel';

/** The way to everywhere by a few letters: Ctrl K or ⌘ K on any screen. */
@Component({
  selector: 'ch-quick-switcher',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Sheet, SwitcherPanel],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when switcher.isOpen()) {
      @if (switcher.isOpen()) {
        <ch-sheet [label]="t('switcher.title')" [hasHead]="false" (closed)="switcher.close()">
          <ch-switcher-panel (gone)="switcher.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class QuickSwitcher {
  protected readonly switcher = inject(SwitcherOverlay);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    if (!isSwitcherShortcut(event)) return;
    event.preventDefault();
    if (this.switcher.isOpen()) this.switcher.close();
    // Whoever is in another dialog has something to finish there first.
    else if (!document.querySelector('dialog[open]')) this.switcher.open();
  }
}
