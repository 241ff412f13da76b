import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { PinsPanel } from './pins-panel';
import { PinsOverlay } from './pins-overlay';

/** Sheet with the pinned messages of a conversation. */
@Component({
  selector: 'ch-pins-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [PinsPanel, Sheet],
  template: `
    @defer (when overlay.conversationId() !== undefined) {
      @if (overlay.conversationId(); as id) {
        <ch-sheet [label]="t('pins.title')" [closeLabel]="t('search.close')" (closed)="overlay.close()">
          <ch-pins-panel [conversationId]="id" (closed)="overlay.close()" />
        </ch-sheet>
      }
    }
  `,
})
export class PinsSheet {
  protected readonly overlay = inject(PinsOverlay);
  protected readonly t = injectTranslate();
}
