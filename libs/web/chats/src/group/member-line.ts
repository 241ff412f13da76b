import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Member } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { MemberAction, MemberItem } from '@cloudhop/web/people/person';
import { AvatarPresences, PresenceText } from '@cloudhop/web/people/presence';
import { ClientStore } from '@cloudhop/web/state';
import { Icon, injectTranslate } from '@cloudhop/web/ui';
import { memberActions } from './group-members';

/** Row of a group member: user, role, presence, and available actions. */
@Component({
  selector: 'ch-member-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, MemberAction, MemberItem, PresenceText],
  template: `
    <ch-member-item
      [person]="person()"
      [presence]="presences.presenceOf()(person().id)"
      [role]="member().role === 'owner' ? t('groups.owner') : undefined"
      [isGone]="isGone()"
      [hasActs]="acts().length > 0"
      [(isOpen)]="isOpen"
      (shown)="shown.emit($event)"
    >
      @if (member().state === 'invited') {
        {{ t('groups.invited') }}
      } @else if (isFriend()) {
        <ch-presence-text [userId]="person().id" />
      } @else {
        {{ detail() }}
      }
      <ng-container ngProjectAs="[acts]">
        @for (act of acts(); track act) {
          <button
            chMemberAction
            type="button"
            [class.danger]="act === 'remove'"
            (click)="isOpen.set(false); asked.emit(act)"
          >
            <ch-icon [name]="act === 'handOver' ? 'flower' : 'close'" />{{ t('groups.acts.' + act) }}
          </button>
        }
      </ng-container>
    </ch-member-item>
  `,
})
export class MemberLine {
  readonly member = input.required<Member>();
  /** True if the reader owns the group. */
  readonly isOwner = input.required<boolean>();
  readonly asked = output<'handOver' | 'remove' | 'uninvite'>();
  readonly shown = output<DOMRect>();
  protected readonly t = injectTranslate();
  protected readonly presences = inject(AvatarPresences);
  protected readonly isOpen = signal(false);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  protected readonly person = computed(() => this.#people.personOf()(this.member().userId));
  readonly #user = computed(() => this.#store.users().get(this.member().userId));
  protected readonly isGone = computed(() => this.#user()?.isGone === true);
  protected readonly detail = computed(() => {
    const { username } = this.#user() ?? {};
    const { tag } = this.person();
    return this.isGone() ? '' : username !== undefined ? `@${username}` : tag && `#${tag}`;
  });
  protected readonly isFriend = computed(() => this.#store.statuses().has(this.member().userId));
  protected readonly acts = computed(() => memberActions(this.member(), this.#store.me()?.id, this.isOwner()));
}
