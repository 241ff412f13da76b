import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { PersonCard } from './person-card';
import { PersonCardOverlay } from './person-card-overlay';

/** The card of whoever was asked for, over whatever screen is open. Its code is loaded when the browser has time. */
@Component({
  selector: 'ch-person-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [PersonCard, Sheet],
  template: `
    @defer (when cards.request() !== undefined; prefetch on idle) {
      @if (cards.request(); as request) {
        <ch-sheet [label]="t('person.title')" [hasHead]="false" [anchor]="request.anchor" (closed)="cards.close()">
          <ch-person-card [userId]="request.userId" [mention]="request.mention" (closed)="cards.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class PersonSheet {
  protected readonly cards = inject(PersonCardOverlay);
  protected readonly t = injectTranslate();
}
