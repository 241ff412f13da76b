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
import { ClientStore, Clock, Language, nameWithTag } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { problemKey } from '../room-task';
import { HandOver } from './hand-over';
import { isStaff, memberActs, type RoomAct } from './member-acts';
import { groupMembers } from './member-groups';
import { MemberLine, type AskedAct } from './member-line';
import { MemberPages, type ListedState } from './member-pages';
import { Moderation } from './moderation';

/** Takes somebody out of the list that is shown. */
const goingActs: ReadonlySet<RoomAct> = new Set(['remove', 'ban', 'unban', 'uninvite']);

/** The people of a room, who is here first; and for those who look after it what can be done about each. */
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
  /** Writes a name where one is writing. */
  readonly mention = input<(name: string) => void>();
  /** A card opens in place of this. */
  readonly cardOpened = output();
  /** Something was done, and what was is said elsewhere. */
  readonly acted = output();
  /** How many are in the room. */
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
    const numbers = this.#language.numbers();
    return [
      // Who is here is listed first: what is not read yet is elsewhere.
      { key: 'here', label: this.t('rooms.groups.here', { count: numbers.format(here.length) }), members: here },
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
    return (member: Member) => memberActs(member, { me, role, now });
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

  protected act({ act, ...details }: AskedAct, member: Member): void {
    if (act === 'handOver') return this.handingOver.set(member);
    // The line goes, and the focus would go with it.
    if (goingActs.has(act)) this.choice()?.nativeElement.querySelector<HTMLElement>(':checked')?.focus();
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
