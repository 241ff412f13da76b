import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { isSearchShortcut } from '@cloudhop/web/shortcuts';
import { SearchPanel } from './search-panel';
import { SearchOverlay } from '@cloudhop/web/navigation';

/** The search for messages over whatever screen is open: Ctrl Shift F or ⌘ Shift F on any of them. */
@Component({
  selector: 'ch-search-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [SearchPanel, Sheet],
  host: { '(window:keydown)': 'pressKey($event)' },
  template: `
    @defer (when place.request() !== undefined) {
      @if (place.request(); as request) {
        <ch-sheet [label]="t('search.title')" [hasHead]="false" [isRoomy]="true" (closed)="place.close()">
          <ch-search-panel [request]="request" (closed)="place.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class SearchSheet {
  protected readonly place = inject(SearchOverlay);
  protected readonly t = injectTranslate();

  protected pressKey(event: KeyboardEvent): void {
    if (!isSearchShortcut(event)) return;
    event.preventDefault();
    if (this.place.request()) this.place.close();
    // Whoever is in another dialog has something to finish there first.
    else if (!document.querySelector('dialog[open]')) this.place.show();
  }
}
