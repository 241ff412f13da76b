import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { Member, User } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { MemberAction, MemberItem } from '@cloudhop/web/people/person';
import { Clock, Language, nameWithTag } from '@cloudhop/web/state';
import { Button, Icon, injectTranslate, type IconName } from '@cloudhop/web/ui';
import { isForEver, muteDurations, mutedUntil, durationWords } from '../time/durations';
import { untilWords } from '../time/until';
import { isMuted, type RoomAction } from './member-actions';

const icons: Record<RoomAction, IconName> = {
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

/** Requested action on a member; `until`: the end of a mute. */
export interface RequestedAction {
  act: RoomAction;
  until?: string;
  /** For the ban of a guest: whether it includes the address. */
  withAddress?: boolean;
}

/** Row of a member: user, role, and available actions. */
@Component({
  selector: 'ch-room-member',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon, MemberAction, MemberItem],
  template: `
    <ch-member-item
      [person]="person()"
      [presence]="member().isHere && 'online'"
      [role]="member().role === 'member' ? undefined : t('rooms.roles.' + member().role)"
      [isGone]="user()?.isGone === true"
      [isBot]="user()?.kind === 'bot'"
      [hasActs]="acts().length > 0"
      [(isOpen)]="isOpen"
      (shown)="shown.emit($event)"
    >
      @if (muted(); as muted) {
        <ch-icon class="muted" name="block" />{{ muted }}
      } @else {
        {{ detail() }}
      }
      <ng-container ngProjectAs="[acts]">
        @for (act of acts(); track act) {
          <button
            chMemberAction
            type="button"
            [class.danger]="act === 'ban' || act === 'remove'"
            [attr.aria-expanded]="act === 'mute' ? isMuting() : act === 'ban' && isGuest() ? isBanning() : null"
            (click)="press(act)"
          >
            <ch-icon [name]="icons[act]" />{{ t('rooms.acts.' + act) }}
          </button>
          @if (act === 'ban' && isBanning()) {
            <div #choice class="ban" role="group" [attr.aria-label]="t('rooms.acts.ban')">
              <p>{{ t('rooms.ban.limits') }}</p>
              <button chButton look="soft" type="button" (click)="ban(true)">{{ t('rooms.ban.withAddress') }}</button>
              <button chButton look="soft" type="button" (click)="ban(false)">{{ t('rooms.ban.nameOnly') }}</button>
            </div>
          }
          @if (act === 'mute' && isMuting()) {
            <div #choice class="spans" role="group" [attr.aria-label]="t('rooms.muteFor', { name: person().name })">
              @for (span of spans(); track span.words) {
                <button chButton look="soft" type="button" (click)="mute(span.ms)">{{ span.words }}</button>
              }
            </div>
          }
        }
      </ng-container>
    </ch-member-item>
  `,
  styles: `
    .muted {
      --icon: 15px;
      margin-inline-end: 5px;
      vertical-align: -2px;
    }
    .spans {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding: 2px 0 8px 12px;
    }
    .ban {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding: 2px 12px 8px;
    }
    .ban p {
      flex-basis: 100%;
      color: var(--muted);
      font-size: 0.87em;
    }
    .spans button {
      padding-inline: 14px;
    }
  `,
})
export class MemberLine {
  readonly member = input.required<Member>();
  readonly user = input<User>();
  /** Available actions. */
  readonly acts = input<readonly RoomAction[]>([]);
  readonly asked = output<RequestedAction>();
  readonly shown = output<DOMRect>();
  protected readonly t = injectTranslate();
  protected readonly icons = icons;
  protected readonly isOpen = signal(false);
  /** True while the duration of a mute is asked below the row. */
  protected readonly isMuting = linkedSignal({ source: this.isOpen, computation: () => false });
  protected readonly isGuest = computed(() => this.user()?.kind === 'guest');
  /** True while a ban of a guest asks whether it includes the address. */
  protected readonly isBanning = linkedSignal({ source: this.isOpen, computation: () => false });
  protected readonly spans = computed(() =>
    muteDurations.map((ms) => ({
      ms,
      words: ms === undefined ? this.t('rooms.acts.muteForEver') : durationWords(ms, this.#language.current()),
    })),
  );
  readonly #people = inject(People);
  readonly #clock = inject(Clock);
  readonly #language = inject(Language);
  protected readonly person = computed(() => {
    const user = this.user();
    return user ? this.#people.named(user) : this.#people.personOf()(this.member().userId);
  });
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
      return this.t('rooms.invitedBy', { name: `\u2068${nameWithTag(this.#people.personOf()(invitedBy))}\u2069` });
    const user = this.user();
    if (user?.isGone) return '';
    return user?.username !== undefined ? `@${user.username}` : this.person().tag && `#${this.person().tag}`;
  });

  /** The question for duration or scope: it opens at the end of a list, and may be below the edge. */
  private readonly choice = viewChild<ElementRef<HTMLElement>>('choice');

  constructor() {
    effect(() => this.choice()?.nativeElement.scrollIntoView({ block: 'nearest' }));
  }

  protected press(act: RoomAction): void {
    if (act === 'mute') return this.isMuting.update((isMuting) => !isMuting);
    if (act === 'ban' && this.isGuest()) return this.isBanning.update((isBanning) => !isBanning);
    this.isOpen.set(false);
    this.asked.emit({ act });
  }

  protected ban(withAddress: boolean): void {
    this.isOpen.set(false);
    this.asked.emit({ act: 'ban', withAddress });
  }

  protected mute(spanMs: number | undefined): void {
    this.isOpen.set(false);
    this.asked.emit({ act: 'mute', until: mutedUntil(spanMs, Date.now()) });
  }
}
