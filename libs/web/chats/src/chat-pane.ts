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
import {
  Conversation,
  ConversationTitles,
  LogSkeleton,
  OpenPlace,
  Trouble,
  troubleOf,
} from '@cloudhop/web/conversation';
import { InvitationCard } from '@cloudhop/web/conversation/list';
import { ClientStore, PageTitle, mediaSignal } from '@cloudhop/web/state';
import { Button, Moment, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { ChatHeader } from './chat-header';
import { GroupInfo } from './group/group-info';

/** One conversation beside the list. */
@Component({
  selector: 'ch-chat-pane',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    Button,
    ChatHeader,
    Conversation,
    GroupInfo,
    InvitationCard,
    LogSkeleton,
    Moment,
    RouterLink,
    Sheet,
    Trouble,
  ],
  templateUrl: './chat-pane.html',
  styleUrl: './chat-pane.css',
})
export class ChatPane {
  readonly id = input.required<string>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #place = inject(OpenPlace);
  readonly #title = inject(PageTitle);
  /** Room for the group's people beside list and log. */
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
  /** What is written here: to oneself, to one person, or to several. */
  protected readonly kind = computed((): 'saved' | 'first' | 'group' => {
    const { kind, peerId } = this.conversation() ?? {};
    if (kind === 'group') return 'group';
    return peerId === this.#store.me()?.id ? 'saved' : 'first';
  });
  /** The group, once its people are known. */
  protected readonly group = computed(() => {
    const view = this.view();
    return view?.conversation.kind === 'group' && view.members.size > 0 ? view : undefined;
  });
  protected readonly peopleCount = computed(() => {
    const members = this.group()?.members.values() ?? [];
    return [...members].filter(({ state }) => state === 'joined').length;
  });
  protected readonly trouble = computed(() => troubleOf(this.#store.connection(), this.view() !== undefined));
  protected readonly invitation = computed(() => this.#store.invitations().get(this.id()));
  protected readonly isMissing = computed(() => this.conversation() === undefined && this.#store.gone().has(this.id()));
  /** The name of the group that was open here, kept for when it is taken away. */
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
        this.#place.enter(id);
      });
      onCleanup(() => {
        this.#groupName.set(undefined);
        this.#place.leave(id);
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
