import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ConversationSettings } from '@cloudhop/contracts';
import { Icon, injectTranslate, type IconName } from '@cloudhop/web/ui';

/** Badges with the properties of a room. */
@Component({
  selector: 'ch-room-badges',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @for (mark of marks(); track mark.key) {
      <span><ch-icon [name]="mark.icon" />{{ t('rooms.marks.' + mark.key) }}</span>
    }
  `,
  styles: `
    :host {
      --icon: 15px;
      display: flex;
      flex-wrap: wrap;
      gap: 4px 6px;
    }
    :host:empty {
      display: none;
    }
    span {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      padding: 1px 9px 1px 7px;
      border-radius: var(--pill);
      background: var(--lavender);
      font-size: 0.8em;
      font-weight: 800;
      white-space: nowrap;
    }
    @media (forced-colors: active) {
      span {
        border: 1px solid CanvasText;
      }
    }
  `,
})
export class RoomBadges {
  readonly settings =
    input.required<Pick<ConversationSettings, 'visibility' | 'guests' | 'isAnnouncement' | 'archivedAt'>>();
  protected readonly t = injectTranslate();
  protected readonly marks = computed(() => {
    const { visibility, guests, isAnnouncement, archivedAt } = this.settings();
    const marks: { key: string; icon: IconName }[] = [];
    if (archivedAt !== undefined) marks.push({ key: 'archived', icon: 'archive' });
    if (visibility === 'private') marks.push({ key: 'private', icon: 'lock' });
    if (visibility === 'unlisted') marks.push({ key: 'unlisted', icon: 'link' });
    if (isAnnouncement) marks.push({ key: 'announcement', icon: 'megaphone' });
    if (guests === 'read') marks.push({ key: 'guestsRead', icon: 'eye' });
    if (guests === 'none') marks.push({ key: 'membersOnly', icon: 'person' });
    return marks;
  });
}
