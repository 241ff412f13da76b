import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { Member, User } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/conversation';
import { ClientStore, Clock, Language } from '@cloudhop/web/state';
import { Avatar, Button, Icon, IconButton, KindBadge, injectTranslate, type IconName } from '@cloudhop/web/ui';
import { isForEver, muteSpans, mutedUntil, spanWords } from '../words/spans';
import { untilWords } from '../words/until';
import { isMuted, type MemberAct } from './member-acts';

const icons: Record<MemberAct, IconName> = {
  promote: 'shield',
  demote: 'person',
  handOver: 'flower',
  mute: 'block',
  unmute: 'chats',
  remove: 'leave',
  ban: 'close',
  unban: 'check',
  invite: 'personAdd',
  uninvite: 'close',
};

/** What somebody wants to do about a member; `until`: the end of a mute. */
export interface AskedAct {
  act: MemberAct;
  until?: string;
}

/** Somebody in a room: who, as what, and what can be done about it. */
@Component({
  selector: 'ch-room-member',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, Icon, IconButton, KindBadge],
  template: `
    <div class="line">
      <button type="button" class="who" aria-haspopup="dialog" [disabled]="user()?.isGone" (click)="show($event)">
        <ch-avatar
          [seed]="person().id"
          [name]="person().initial"
          [color]="person().color"
          [presence]="member().isHere && 'online'"
        />
        <span class="words">
          <span class="top">
            <bdi>{{ person().name }}</bdi>
            @if (isMe()) {
              <ch-kind-badge>{{ t('people.you') }}</ch-kind-badge>
            }
            @if (member().role !== 'member') {
              <ch-kind-badge class="role">{{ t('rooms.roles.' + member().role) }}</ch-kind-badge>
            }
            @if (user()?.kind === 'bot') {
              <ch-kind-badge>{{ t('person.kind.bot') }}</ch-kind-badge>
            }
          </span>
          @if (muted(); as muted) {
            <span class="muted">
              <ch-icon name="block" /><span class="detail">{{ muted }}</span>
            </span>
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
          (click)="toggle()"
        >
          <ch-icon name="more" />
        </button>
      }
    </div>
    @if (isOpen() && acts().length > 0) {
      <div class="acts">
        @for (act of acts(); track act) {
          <button
            type="button"
            [class.danger]="act === 'ban' || act === 'remove'"
            [attr.aria-expanded]="act === 'mute' ? isMuting() : null"
            (click)="press(act)"
          >
            <ch-icon [name]="icons[act]" />{{ t('rooms.acts.' + act) }}
          </button>
          @if (act === 'mute' && isMuting()) {
            <div class="spans" role="group" [attr.aria-label]="t('rooms.muteFor', { name: person().name })">
              @for (span of spans(); track span.words) {
                <button chButton look="soft" type="button" (click)="mute(span.ms)">{{ span.words }}</button>
              }
            </div>
          }
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
    .role {
      background: var(--butter);
    }
    .detail {
      color: var(--muted);
      font-size: 0.87em;
    }
    .muted {
      --icon: 15px;
      display: flex;
      align-items: center;
      gap: 5px;
      min-width: 0;
      color: var(--muted);
    }
    .acts {
      --icon: 19px;
      display: grid;
      padding-inline-start: 49px;
    }
    .acts > button {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 44px;
      padding: 4px 12px;
      border-radius: 14px;
      font-weight: 700;
      text-align: start;
    }
    .acts > button:hover {
      background: var(--surface2);
    }
    .acts > .danger {
      color: var(--danger);
    }
    .spans {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding: 2px 0 8px 12px;
    }
    .spans button {
      padding-inline: 14px;
    }
  `,
})
export class MemberLine {
  readonly member = input.required<Member>();
  readonly user = input<User>();
  /** What can be done about them. */
  readonly acts = input<readonly MemberAct[]>([]);
  readonly asked = output<AskedAct>();
  readonly shown = output<DOMRect>();
  protected readonly t = injectTranslate();
  protected readonly icons = icons;
  protected readonly isOpen = signal(false);
  /** For how long is asked right below. */
  protected readonly isMuting = signal(false);
  protected readonly spans = computed(() =>
    muteSpans.map((ms) => ({
      ms,
      words: ms === undefined ? this.t('rooms.acts.muteForEver') : spanWords(ms, this.#language.current()),
    })),
  );
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #clock = inject(Clock);
  readonly #language = inject(Language);
  protected readonly person = computed(() => {
    const user = this.user();
    return user ? this.#people.named(user) : this.#people.personOf()(this.member().userId);
  });
  protected readonly isMe = computed(() => this.member().userId === this.#store.me()?.id);
  protected readonly muted = computed(() => {
    const { mutedUntil } = this.member();
    this.#clock.minute();
    const now = Date.now();
    if (mutedUntil === undefined || !isMuted(this.member(), now)) return '';
    if (isForEver(mutedUntil, now)) return this.t('rooms.muted');
    return this.t('rooms.mutedUntil', { when: untilWords(mutedUntil, now, this.#language.dates()) });
  });
  protected readonly detail = computed(() => {
    const { invitedBy } = this.member();
    if (invitedBy !== undefined)
      return this.t('rooms.invitedBy', { name: `\u2068${this.#people.personOf()(invitedBy).name}\u2069` });
    const user = this.user();
    if (user?.isGone) return '';
    return user?.username !== undefined ? `@${user.username}` : this.person().tag && `#${this.person().tag}`;
  });

  protected show(event: Event): void {
    this.shown.emit((event.currentTarget as HTMLElement).getBoundingClientRect());
  }

  protected toggle(): void {
    this.isMuting.set(false);
    this.isOpen.update((isOpen) => !isOpen);
  }

  protected press(act: MemberAct): void {
    if (act === 'mute') return this.isMuting.update((isMuting) => !isMuting);
    this.isOpen.set(false);
    this.asked.emit({ act });
  }

  protected mute(spanMs: number | undefined): void {
    this.isOpen.set(false);
    this.asked.emit({ act: 'mute', until: mutedUntil(spanMs, Date.now()) });
  }
}
