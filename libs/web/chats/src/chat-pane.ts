import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { Conversation, LogSkeleton } from '@cloudhop/web/messages';
import { ActiveConversation, ConversationTitles } from '@cloudhop/web/navigation';
import { InvitationCard } from '@cloudhop/web/navigation/lists';
import { ClientStore, ErrorState, PageTitle, errorStateOf, mediaSignal } from '@cloudhop/web/state';
import { Button, EmptyState, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { ChatHeader } from './chat-header';
import { GroupInfo } from './group/group-info';

/** Conversation beside the list. */
@Component({
  selector: 'ch-chat-pane',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    Button,
    ChatHeader,
    Conversation,
    EmptyState,
    ErrorState,
    GroupInfo,
    InvitationCard,
    LogSkeleton,
    RouterLink,
    Sheet,
  ],
  templateUrl: './chat-pane.html',
  styleUrl: './chat-pane.css',
})
export class ChatPane {
  readonly id = input.required<string>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #active = inject(ActiveConversation);
  readonly #title = inject(PageTitle);
  /** True if the group's members fit beside list and log. */
  protected readonly isWide = mediaSignal('(min-width: 1280px)');
  protected readonly isInfoOpen = signal(false);
  protected readonly log = viewChild(Conversation);

  protected readonly view = computed(() => this.#store.timeline(this.id()));
  protected readonly conversation = computed(
    () => this.view()?.conversation ?? this.#store.conversations().get(this.id())?.conversation,
  );
  protected readonly name = computed(() => {
    const conversation = this.conversation();
    return conversation ? this.#titles.titleOf()(conversation).name : '';
  });
  /** Kind of the empty conversation: saved messages, one other user, or a group. */
  protected readonly kind = computed((): 'saved' | 'first' | 'group' => {
    const { kind, peerId } = this.conversation() ?? {};
    if (kind === 'group') return 'group';
    return peerId === this.#store.me()?.id ? 'saved' : 'first';
  });
  /** The group, once its members are known. */
  protected readonly group = computed(() => {
    const view = this.view();
    return view?.conversation.kind === 'group' && view.members.size > 0 ? view : undefined;
  });
  protected readonly peopleCount = computed(() => {
    const members = this.group()?.members.values() ?? [];
    return [...members].filter(({ state }) => state === 'joined').length;
  });
  protected readonly errorState = computed(() => errorStateOf(this.#store.connection(), this.view() !== undefined));
  protected readonly invitation = computed(() => this.#store.invitations().get(this.id()));
  protected readonly isMissing = computed(() => this.conversation() === undefined && this.#store.gone().has(this.id()));
  /** Last name of the group open here, kept for when the user loses it. */
  readonly #groupName = signal<string | undefined>(undefined);
  protected readonly missing = computed(() => {
    const title = this.#groupName();
    if (title === undefined) return { title: this.t('chats.goneTitle'), text: this.t('chats.goneText') };
    return {
      title: this.t('groups.goneTitle', { title: `\u2068${title}\u2069` }),
      text: this.t('groups.goneText'),
    };
  });

  constructor() {
    effect((onCleanup) => {
      const id = this.id();
      untracked(() => {
        this.#store.act.open(id);
        this.#active.enter(id);
      });
      onCleanup(() => {
        this.#groupName.set(undefined);
        this.#active.leave(id);
        this.#store.act.close(id);
      });
    });
    effect(() => {
      if (this.conversation()?.kind === 'group') this.#groupName.set(this.name());
    });
    effect(() => this.#title.showPlace(this.name() === '' ? this.t('chats.title') : this.name()));
  }

  protected toggleInfo(): void {
    this.isInfoOpen.update((isOpen) => !isOpen);
  }
}
