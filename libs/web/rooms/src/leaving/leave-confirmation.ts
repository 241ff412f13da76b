import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { RoomLeaving } from './room-leaving';

/** Confirmation before a user leaves a room that they can't enter again, or not as its owner. */
@Component({
  selector: 'ch-leave-confirmation',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Sheet],
  template: `
    @if (words(); as words) {
      <ch-sheet [label]="words.title" [closeLabel]="t('people.cancel')" (closed)="leaving.cancel()">
        <div class="inside">
          @for (text of words.texts; track text) {
            <p>{{ text }}</p>
          }
          <p class="problem" role="alert">{{ leaving.task.problem() }}</p>
          <div class="buttons">
            <button chButton look="soft" type="button" (click)="leaving.cancel()">{{ t('people.cancel') }}</button>
            <button chButton type="button" [disabled]="leaving.task.isBusy()" (click)="leaving.agree()">
              {{ t('rooms.leave.yes') }}
            </button>
          </div>
        </div>
      </ch-sheet>
    }
  `,
  styleUrl: '../confirmation.css',
})
export class LeaveConfirmation {
  protected readonly leaving = inject(RoomLeaving);
  protected readonly t = injectTranslate();
  protected readonly words = computed(() => {
    const room = this.leaving.asked();
    if (!room) return undefined;
    return {
      title: this.t('rooms.leave.title', { title: `\u2068${room.title ?? ''}\u2069` }),
      texts: [
        ...(room.role === 'owner' ? [this.t('rooms.leave.asOwner')] : []),
        this.t(room.visibility === 'private' ? 'rooms.leave.private' : 'rooms.leave.open'),
      ],
    };
  });
}
