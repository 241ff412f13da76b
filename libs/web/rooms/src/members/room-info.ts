import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { Icon, injectTranslate } from '@cloudhop/web/ui';
import { RoomTile } from '@cloudhop/web/ui/room-tile';
import { RoomBadges } from '../find/room-badges';
import { RoomLeaving } from '../leaving/room-leaving';
import { isStaff } from './member-actions';
import { MemberList } from './member-list';

/** Information about a room: topic, members, and the button to leave. */
@Component({
  selector: 'ch-room-info',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, MemberList, RoomBadges, RoomTile],
  template: `
    <div class="head">
      <ch-room-tile [seed]="conversation().id" [isPrivate]="conversation().visibility === 'private'" />
      <h2>
        <bdi>{{ conversation().title }}</bdi>
      </h2>
      @if (conversation().topic; as topic) {
        <p dir="auto">{{ topic }}</p>
      }
      <ch-room-badges [settings]="conversation()" />
      <div class="buttons">
        <button type="button" aria-haspopup="dialog" (click)="shareAsked.emit()">
          <ch-icon name="share" />{{ t('rooms.info.share') }}
        </button>
        @if (isStaff()) {
          @if (!conversation().archivedAt) {
            <button type="button" aria-haspopup="dialog" (click)="inviteAsked.emit()">
              <ch-icon name="personAdd" />{{ t('rooms.info.invite') }}
            </button>
          }
          <button type="button" aria-haspopup="dialog" (click)="settingsAsked.emit()">
            <ch-icon name="settings" />{{ t('rooms.info.settings') }}
          </button>
        }
      </div>
    </div>
    <ch-member-list
      [conversation]="conversation()"
      [mention]="mention()"
      (counted)="counted.emit($event)"
      (acted)="closed.emit()"
      (cardOpened)="cardOpened.emit()"
    />
    <button type="button" class="leave" (click)="leave()"><ch-icon name="leave" />{{ t('rooms.leave.now') }}</button>
  `,
  styles: `
    :host {
      display: grid;
      align-content: start;
      gap: 16px;
      padding: 16px 12px;
    }
    .head {
      --tile: 72px;
      display: grid;
      justify-items: center;
      gap: 8px;
      text-align: center;
    }
    h2 {
      max-width: 100%;
      font-size: 1.2em;
      font-weight: 900;
      overflow-wrap: anywhere;
    }
    p {
      max-width: 100%;
      color: var(--muted);
      overflow-wrap: anywhere;
      text-wrap: pretty;
    }
    ch-room-badges {
      justify-content: center;
    }
    .buttons {
      display: flex;
      gap: 8px;
      margin-top: 4px;
    }
    .buttons button {
      display: grid;
      gap: 2px;
      justify-items: center;
      min-width: 84px;
      min-height: 60px;
      padding: 8px 10px;
      border: 1px solid var(--line);
      border-radius: var(--radius-tile);
      background: var(--surface);
      font-size: 0.87em;
      font-weight: 800;
    }
    .buttons button:hover {
      background: var(--surface2);
    }
    .buttons ch-icon {
      color: var(--brand-text);
    }
    .leave {
      --icon: 20px;
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 48px;
      padding: 4px 16px;
      border-radius: var(--radius-tile);
      color: var(--danger);
      font-weight: 800;
      text-align: start;
    }
    @media (hover: hover) {
      .leave:hover {
        background: var(--danger-soft);
      }
    }
  `,
})
export class RoomInfo {
  readonly conversation = input.required<Conversation>();
  /** Inserts a mention into the composer. */
  readonly mention = input<(name: string) => void>();
  /** Emits when a user's card replaces this. */
  readonly cardOpened = output();
  /** Emits the number of members. */
  readonly counted = output<number | undefined>();
  readonly inviteAsked = output();
  readonly settingsAsked = output();
  readonly shareAsked = output();
  /** Emits when there is nothing more to show. */
  readonly closed = output();
  protected readonly t = injectTranslate();
  readonly #leaving = inject(RoomLeaving);
  protected readonly isStaff = computed(() => isStaff(this.conversation().role));

  protected leave(): void {
    this.closed.emit();
    this.#leaving.start(this.conversation());
  }
}
