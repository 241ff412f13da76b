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
import type { Conversation, Member } from '@cloudhop/contracts';
import { People, PersonCardOverlay } from '@cloudhop/web/people';
import { ClientStore, Clock, Language, nameWithTag, presenceCount } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { problemKey } from '../room-task';
import { HandOver } from './hand-over';
import { isStaff, memberActions, type RoomAction } from './member-actions';
import { groupMembers } from './member-groups';
import { MemberLine, type RequestedAction } from './member-line';
import { MemberPages, type ListedState } from './member-pages';
import { Moderation } from './moderation';

/** Actions that remove the row from the shown list. */
const removingActions: ReadonlySet<RoomAction> = new Set(['remove', 'ban', 'unban', 'uninvite']);

/** Member list of a room, online members first, with actions for moderators. */
@Component({
  selector: 'ch-member-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, HandOver, MemberLine],
  providers: [MemberPages],
  templateUrl: './member-list.html',
  styleUrl: './member-list.css',
})
export class MemberList {
  readonly conversation = input.required<Conversation>();
  /** Inserts a mention into the composer. */
  readonly mention = input<(name: string) => void>();
  /** Emits when a user's card replaces this. */
  readonly cardOpened = output();
  /** Emits after an action, whose result is announced elsewhere. */
  readonly acted = output();
  /** Emits the number of members. */
  readonly counted = output<number | undefined>();
  protected readonly t = injectTranslate();
  protected readonly pages = inject(MemberPages);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #cards = inject(PersonCardOverlay);
  readonly #clock = inject(Clock);
  readonly #language = inject(Language);
  readonly #moderation = inject(Moderation);
  readonly #id = computed(() => this.conversation().id);
  readonly #role = computed(() => this.conversation().role);
  protected readonly isStaff = computed(() => isStaff(this.#role()));
  protected readonly state = linkedSignal<boolean, ListedState>({ source: this.isStaff, computation: () => 'joined' });
  protected readonly states = ['joined', 'invited', 'banned'] as const;
  protected readonly groups = computed(() => {
    const members = this.pages.items();
    if (this.state() !== 'joined') return [{ key: this.state(), label: '', members }];
    const { here, staff, rest } = groupMembers(members);
    const isAtLeast = this.#store.presence(this.#id())?.isAtLeast;
    const count = presenceCount(this.t, this.#language.numbers().format(here.length), isAtLeast);
    return [
      // Online members are listed first, so members not loaded yet are offline.
      { key: 'here', label: this.t('rooms.groups.here', { count }), members: here },
      { key: 'staff', label: this.t('rooms.groups.staff'), members: staff },
      {
        key: 'rest',
        label: this.t(`rooms.groups.${here.length + staff.length > 0 ? 'others' : 'all'}`),
        members: rest,
      },
    ].filter(({ members }) => members.length > 0);
  });
  protected readonly isEmpty = computed(() => this.pages.items().length === 0);
  protected readonly problem = computed(() => {
    const error = this.pages.error();
    return error ? this.t(problemKey(error)) : '';
  });
  protected readonly actsOf = computed(() => {
    const [me, role] = [this.#store.me()?.id, this.#role()];
    this.#clock.minute();
    const now = Date.now();
    return (member: Member) => memberActions(member, { me, role, now });
  });

  private readonly choice = viewChild<ElementRef<HTMLElement>>('choice');
  protected readonly handingOver = signal<Member | undefined>(undefined);

  constructor() {
    effect(() => this.pages.follow({ conversationId: this.#id(), state: this.state() }));
    effect(() => this.counted.emit(this.pages.count()));
  }

  protected show(userId: string, anchor: DOMRect): void {
    const mention = this.mention();
    this.cardOpened.emit();
    this.#cards.show({ userId, anchor, ...(mention && { mention }) });
  }

  protected act({ act, ...details }: RequestedAction, member: Member): void {
    if (act === 'handOver') return this.handingOver.set(member);
    // The row vanishes, and the focus with it.
    if (removingActions.has(act)) this.choice()?.nativeElement.querySelector<HTMLElement>(':checked')?.focus();
    this.acted.emit();
    void this.#moderation.do(act, { conversationId: this.#id(), member, name: this.#nameOf(member) }, details);
  }

  protected handedOver(): void {
    this.handingOver.set(undefined);
    this.acted.emit();
  }

  #nameOf({ userId }: Member): string {
    const user = this.pages.userOf()(userId);
    return nameWithTag(user ? this.#people.named(user) : this.#people.personOf()(userId));
  }
}
