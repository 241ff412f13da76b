import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Conversation } from '@cloudhop/contracts';
import { ShareLink } from '@cloudhop/web/people/person';
import { injectTranslate } from '@cloudhop/web/ui';
import { isStaff } from '../members/member-actions';
import { InviteLinks } from './invite-links';
import { roomAddress } from './invite-link';

/** Ways to share a room: its address, or invite links. */
@Component({
  selector: 'ch-share-room',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [InviteLinks, ShareLink],
  template: `
    <p>{{ t('rooms.share.' + kind()) }}</p>
    @if (!isPrivate()) {
      <ch-share-link [address]="address()" />
    }
    @if (isStaff()) {
      <ch-invite-links
        [conversationId]="conversation().id"
        [canMake]="isPrivate() && conversation().archivedAt === undefined"
      />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 16px;
      padding: 8px 20px 20px;
    }
    p {
      color: var(--muted);
      text-align: center;
      text-wrap: pretty;
    }
  `,
})
export class ShareRoom {
  readonly conversation = input.required<Conversation>();
  protected readonly t = injectTranslate();
  protected readonly isPrivate = computed(() => this.conversation().visibility === 'private');
  protected readonly isStaff = computed(() => isStaff(this.conversation().role));
  protected readonly address = computed(() =>
    roomAddress(location.origin, this.conversation().slug ?? this.conversation().id),
  );
  protected readonly kind = computed(() => {
    const { visibility, archivedAt } = this.conversation();
    if (archivedAt !== undefined) return 'archived';
    if (visibility !== 'private') return visibility === 'unlisted' ? 'unlisted' : 'public';
    return this.isStaff() ? 'private' : 'askModerators';
  });
}
