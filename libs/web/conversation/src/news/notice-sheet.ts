import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { NoticeLevel } from './notice-level';
import { NoticeSheets } from './notice-sheets';

/** The notices of the conversation that was asked for, over whatever screen is open. */
@Component({
  selector: 'ch-notice-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [NoticeLevel, Sheet],
  template: `
    @defer (when sheets.request() !== undefined) {
      @if (sheets.request(); as request) {
        <ch-sheet
          [label]="t('notices.title')"
          [closeLabel]="t('people.cancel')"
          [anchor]="request.anchor"
          (closed)="sheets.close()"
        >
          <ch-notice-level [conversationId]="request.conversationId" />
        </ch-sheet>
      }
    }
  `,
  styles: `
    ch-notice-level {
      padding: 8px 20px 20px;
    }
  `,
})
export class NoticeSheet {
  protected readonly sheets = inject(NoticeSheets);
  protected readonly t = injectTranslate();
}
