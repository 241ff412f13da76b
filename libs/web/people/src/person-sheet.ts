import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { PersonCard } from './person-card';
import { PersonCardOverlay } from './person-card-overlay';

/** Sheet with a person's card. Its code is prefetched when the browser is idle. */
@Component({
  selector: 'ch-person-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [PersonCard, Sheet],
  template: `
    @defer (when overlay.request() !== undefined; prefetch on idle) {
      @if (overlay.request(); as request) {
        <ch-sheet [label]="t('person.title')" [hasHead]="false" [anchor]="request.anchor" (closed)="overlay.close()">
          <ch-person-card [userId]="request.userId" [mention]="request.mention" (closed)="overlay.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class PersonSheet {
  protected readonly overlay = inject(PersonCardOverlay);
  protected readonly t = injectTranslate();
}
