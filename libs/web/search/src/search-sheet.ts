import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { SearchOverlay } from '@cloudhop/web/navigation';
import { isSearchShortcut } from '@cloudhop/web/shortcuts';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { SearchPanel } from './search-panel';

/** Sheet with the message search, opened by Ctrl Shift F or ⌘ Shift F on any screen. */
@Component({
  selector: 'ch-search-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [SearchPanel, Sheet],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when overlay.request() !== undefined) {
      @if (overlay.request(); as request) {
        <ch-sheet [label]="t('search.title')" [hasHead]="false" [isRoomy]="true" (closed)="overlay.close()">
          <ch-search-panel [request]="request" (closed)="overlay.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class SearchSheet {
  protected readonly overlay = inject(SearchOverlay);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    if (!isSearchShortcut(event)) return;
    event.preventDefault();
    if (this.overlay.request()) this.overlay.close();
    // Another dialog is open: it has to be finished first.
    else if (!document.querySelector('dialog[open]')) this.overlay.show();
  }
}
