import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { Router } from '@angular/router';
import { limits, type Conversation, type Member } from '@cloudhop/contracts';
import type { TimelineView } from '@cloudhop/sdk';
import { People, PersonCardOverlay } from '@cloudhop/web/people';
import { ClientStore, Language } from '@cloudhop/web/state';
import { Avatar, Button, Icon, injectTranslate } from '@cloudhop/web/ui';
import { AddPeople } from './add-people';
import { ChangeGroup } from './change-group';
import { sortMembers } from './group-members';
import { injectGroupTask } from './group-problem';
import { GroupConfirmation, type PendingGroupAction } from './group-confirmation';
import { MemberLine } from './member-line';

/** Information about a group: members, invited users, and actions. */
@Component({
  selector: 'ch-group-info',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [AddPeople, Avatar, Button, ChangeGroup, GroupConfirmation, Icon, MemberLine],
  templateUrl: './group-info.html',
  styleUrl: './group-info.css',
})
export class GroupInfo {
  readonly conversation = input.required<Conversation>();
  readonly members = input.required<TimelineView['members']>();
  /** Inserts a mention into the composer. */
  readonly mention = input<(name: string) => void>();
  /** Emits when a user's card replaces this. */
  readonly cardOpened = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectGroupTask();
  protected readonly mode = signal<'people' | 'add' | 'change'>('people');
  protected readonly ask = signal<PendingGroupAction | undefined>(undefined);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #cards = inject(PersonCardOverlay);
  readonly #language = inject(Language);
  readonly #router = inject(Router);

  protected readonly title = computed(() => this.conversation().title ?? '');
  protected readonly isOwner = computed(() => {
    const me = this.members().get(this.#store.me()?.id ?? '');
    return (me?.role ?? this.conversation().role) === 'owner';
  });
  protected readonly sorted = computed(() => {
    const { compare } = new Intl.Collator(this.#language.current());
    const personOf = this.#people.personOf();
    return sortMembers(this.members().values(), this.#store.me()?.id, (id) => personOf(id).name, compare);
  });
  protected readonly present = computed(
    () => new Set([...this.sorted().joined, ...this.sorted().invited].map(({ userId }) => userId)),
  );
  protected readonly room = computed(() => Math.max(0, limits.groupMembers - this.present().size));

  protected show(userId: string, anchor: DOMRect): void {
    const mention = this.mention();
    this.cardOpened.emit();
    this.#cards.show({ userId, anchor, ...(mention && { mention }) });
  }

  protected start(kind: 'handOver' | 'remove' | 'uninvite', { userId }: Member): void {
    const id = this.conversation().id;
    if (kind === 'uninvite')
      void this.task.run(() => this.#store.act.call('groups.remove', { params: { id, userId } }));
    else this.ask.set({ kind, conversationId: id, title: this.title(), userId });
  }

  protected leave(): void {
    const isLast = this.sorted().joined.length <= 1;
    const kind = isLast ? 'leaveLast' : this.isOwner() ? 'leaveAsOwner' : 'leave';
    this.ask.set({ kind, conversationId: this.conversation().id, title: this.title() });
  }

  protected closeAsk(): void {
    this.ask.set(undefined);
  }

  protected done({ kind }: PendingGroupAction): void {
    this.ask.set(undefined);
    if (kind.startsWith('leave')) void this.#router.navigateByUrl('/chats', { replaceUrl: true });
  }
}
