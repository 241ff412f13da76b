import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Member } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/conversation';
import { Presence, Presences } from '@cloudhop/web/conversation/person';
import { ClientStore } from '@cloudhop/web/state';
import { Avatar, Icon, IconButton, KindBadge, injectTranslate } from '@cloudhop/web/ui';
import { memberActs } from './circle';

/** Somebody in a group: who, as what, whether they are here; and what one may do about it. */
@Component({
  selector: 'ch-member-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon, IconButton, KindBadge, Presence],
  template: `
    <div class="line">
      <button type="button" class="who" aria-haspopup="dialog" [disabled]="isGone()" (click)="show($event)">
        <ch-avatar
          [seed]="person().id"
          [name]="person().initial"
          [color]="person().color"
          [presence]="presences.presenceOf()(person().id)"
        />
        <span class="words">
          <span class="top">
            <bdi>{{ person().name }}</bdi>
            @if (isMe()) {
              <ch-kind-badge>{{ t('people.you') }}</ch-kind-badge>
            }
            @if (member().role === 'owner') {
              <ch-kind-badge>{{ t('groups.owner') }}</ch-kind-badge>
            }
          </span>
          @if (member().state === 'invited') {
            <span class="detail">{{ t('groups.invited') }}</span>
          } @else if (isFriend()) {
            <ch-presence class="detail" [userId]="person().id" />
          } @else if (detail(); as detail) {
            <span class="detail">{{ detail }}</span>
          }
        </span>
      </button>
      @if (acts().length > 0) {
        <button
          chIconButton
          type="button"
          [attr.aria-expanded]="isOpen()"
          [attr.aria-label]="t('groups.actsOf', { name: person().name })"
          (click)="isOpen.set(!isOpen())"
        >
          <ch-icon name="more" />
        </button>
      }
    </div>
    @if (isOpen() && acts().length > 0) {
      <div class="acts">
        @for (act of acts(); track act) {
          <button type="button" [class.danger]="act === 'remove'" (click)="isOpen.set(false); asked.emit(act)">
            <ch-icon [name]="act === 'handOver' ? 'flower' : 'close'" />{{ t('groups.acts.' + act) }}
          </button>
        }
      </div>
    }
  `,
  styles: `
    :host {
      --avatar: 38px;
      display: block;
    }
    .line {
      display: flex;
      align-items: center;
      gap: 4px;
    }
    .who {
      display: flex;
      flex: 1;
      align-items: center;
      gap: 11px;
      min-width: 0;
      min-height: 52px;
      padding: 4px 8px;
      border-radius: var(--radius-tile);
      text-align: start;
    }
    .who:hover:not(:disabled) {
      background: var(--surface2);
    }
    .words {
      display: grid;
      min-width: 0;
    }
    .top {
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
    }
    bdi,
    .detail {
      overflow: hidden;
      min-width: 0;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    bdi {
      font-weight: 800;
    }
    .detail {
      color: var(--muted);
      font-size: 0.87em;
    }
    .acts {
      --icon: 19px;
      display: grid;
      padding-inline-start: 49px;
    }
    .acts button {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 44px;
      padding: 4px 12px;
      border-radius: 14px;
      font-weight: 700;
      text-align: start;
    }
    .acts button:hover {
      background: var(--surface2);
    }
    .danger {
      color: var(--danger);
    }
  `,
})
export class MemberLine {
  readonly member = input.required<Member>();
  /** Whether the reader owns the group. */
  readonly isOwner = input.required<boolean>();
  readonly asked = output<'handOver' | 'remove' | 'uninvite'>();
  readonly shown = output<DOMRect>();
  protected readonly t = injectTranslate();
  protected readonly presences = inject(Presences);
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
  protected readonly isMe = computed(() => this.member().userId === this.#store.me()?.id);
  protected readonly isFriend = computed(() => this.#store.statuses().has(this.member().userId));
  protected readonly acts = computed(() => memberActs(this.member(), this.#store.me()?.id, this.isOwner()));

  protected show(event: Event): void {
    this.shown.emit((event.currentTarget as HTMLElement).getBoundingClientRect());
  }
}
