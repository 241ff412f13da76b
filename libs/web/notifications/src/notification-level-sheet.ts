import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { NotificationLevel } from './notification-level';
import { NotificationLevelOverlay } from '@cloudhop/web/navigation';

/** The notices of the conversation that was asked for, over whatever screen is open. */
@Component({
  selector: 'ch-notification-level-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [NotificationLevel, Sheet],
  template: `
    @defer (when sheets.request() !== undefined) {
      @if (sheets.request(); as request) {
        <ch-sheet
          [label]="t('notices.title')"
          [closeLabel]="t('people.cancel')"
          [anchor]="request.anchor"
          (closed)="sheets.close()"
        >
          <ch-notification-level [conversationId]="request.conversationId" />
        </ch-sheet>
      }
    }
  `,
  styles: `
    ch-notification-level {
      padding: 8px 20px 20px;
    }
  `,
})
export class NotificationLevelSheet {
  protected readonly sheets = inject(NotificationLevelOverlay);
  protected readonly t = injectTranslate();
}
