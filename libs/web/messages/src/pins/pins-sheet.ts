import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { PinsPanel } from './pins-panel';
import { PinsOverlay } from './pins-overlay';

/** What is pinned in the conversation that was asked for, over whatever screen is open. */
@Component({
  selector: 'ch-pins-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [PinsPanel, Sheet],
  template: `
    @defer (when place.conversationId() !== undefined) {
      @if (place.conversationId(); as id) {
        <ch-sheet [label]="t('pins.title')" [closeLabel]="t('search.close')" (closed)="place.close()">
          <ch-pins-panel [conversationId]="id" (closed)="place.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class PinsSheet {
  protected readonly place = inject(PinsOverlay);
  protected readonly t = injectTranslate();
}
