import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { NotificationLevelOverlay } from '@cloudhop/web/navigation';
import { injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { NotificationLevel } from './notification-level';

/** Sheet with the notification level of a conversation. */
@Component({
  selector: 'ch-notification-level-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [NotificationLevel, Sheet],
  template: `
    @defer (when overlay.request() !== undefined) {
      @if (overlay.request(); as request) {
        <ch-sheet
          [label]="t('notices.title')"
          [closeLabel]="t('people.cancel')"
          [anchor]="request.anchor"
          (closed)="overlay.close()"
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
  protected readonly overlay = inject(NotificationLevelOverlay);
  protected readonly t = injectTranslate();
}
