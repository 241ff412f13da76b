import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { ConversationSummary } from '@cloudhop/sdk';
import { ConversationTitles, NoticeSheets, Switcher, Toasts, listConversations } from '@cloudhop/web/conversation';
import { ClientStore, Layout, errorBodyOf } from '@cloudhop/web/state';
import {
  Icon,
  IconButton,
  Menu,
  ignoreRelease,
  injectTranslate,
  watchLongPress,
  type MenuItem,
  type MenuPoint,
} from '@cloudhop/web/ui';
import { ChatLine } from './chat-line';
import { ChatRemovals } from './chat-removals';
import { GroupQuestion, type GroupAsk } from './group/group-question';
import { InvitationCard } from './group/invitation-card';
import { NewGroup } from './group/new-group';
import { NoChats } from './no-chats';

/** Above this many lines one looks for a name rather than along the list. */
const fewLines = 8;

type ChatCommand = 'pin' | 'unpin' | 'archive' | 'unarchive' | 'notices' | 'delete' | 'leave';

/** The list of a person's conversations. */
@Component({
  selector: 'ch-chat-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ChatLine, GroupQuestion, Icon, IconButton, InvitationCard, Menu, NewGroup, NoChats],
  host: { '(contextmenu)': 'contextMenu($event)', '(keydown)': 'pressKey($event)' },
  templateUrl: './chat-list.html',
  styleUrl: './chat-list.css',
})
export class ChatList {
  readonly openId = input<string>();
  /** The open conversation is about to be deleted, or was left. */
  readonly openRemoved = output();
  protected readonly switcher = inject(Switcher);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #removals = inject(ChatRemovals);
  readonly #titles = inject(ConversationTitles);
  readonly #notices = inject(NoticeSheets);
  readonly #toasts = inject(Toasts);
  protected readonly isPhone = inject(Layout).isPhone;
  private readonly lines = viewChild.required<ElementRef<HTMLElement>>('lines');

  protected readonly filter = signal('');
  readonly #isArchiveOpen = signal(false);
  protected readonly isMakingGroup = signal(false);
  protected readonly leaving = signal<GroupAsk | undefined>(undefined);
  protected readonly menu = signal<{ summary: ConversationSummary; at: MenuPoint } | undefined>(undefined);
  readonly #list = computed(() => {
    const lobbyId = this.#store.lobbyId();
    const openId = this.openId();
    const summaries = [...this.#store.conversations().values()];
    const hidden = new Set(
      summaries.filter((summary) => this.#removals.isHidden(summary)).map(({ conversation }) => conversation.id),
    );
    return listConversations(summaries, { hidden, ...(lobbyId && { lobbyId }), ...(openId && { openId }) });
  });
  /** Groups one was asked into, the latest first. */
  protected readonly invitations = computed(() =>
    [...this.#store.invitations()]
      .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1))
      .map(([id, invitation]) => ({ id, invitation })),
  );
  protected readonly isKnown = computed(() => this.#store.me() !== undefined && this.#store.lobbyId() !== undefined);
  protected readonly hasNoChats = computed(
    () => this.#list().open.length === 0 && this.#list().archived.length === 0 && this.#store.invitations().size === 0,
  );
  protected readonly isLong = computed(() => this.#list().open.length + this.#list().archived.length > fewLines);
  protected readonly shown = computed(() => {
    const { lobby, open, archived } = this.#list();
    const wanted = this.filter().trim().toLocaleLowerCase();
    const titleOf = this.#titles.titleOf();
    const isWanted = ({ conversation }: ConversationSummary) =>
      wanted === '' || titleOf(conversation).name.toLocaleLowerCase().includes(wanted);
    return { open: [...(lobby ? [lobby] : []), ...open].filter(isWanted), archived: archived.filter(isWanted) };
  });
  protected readonly isArchiveShown = computed(() => this.#isArchiveOpen() || this.filter().trim() !== '');
  protected readonly menuLabel = computed(() => {
    const conversation = this.menu()?.summary.conversation;
    return conversation ? this.t('chats.menu', { name: this.#titles.titleOf()(conversation).name }) : '';
  });
  protected readonly items = computed((): readonly MenuItem<ChatCommand>[] => {
    const summary = this.menu()?.summary;
    if (!summary) return [];
    const isPinned = summary.conversation.pinnedAt !== undefined;
    const pin = isPinned ? 'unpin' : 'pin';
    const archive = summary.isArchived ? 'unarchive' : 'archive';
    return [
      { value: pin, label: this.t(`chats.commands.${pin}`), icon: 'pin' },
      { value: archive, label: this.t(`chats.commands.${archive}`), icon: 'archive' },
      { value: 'notices', label: this.t('notices.title'), icon: 'moon' },
      summary.conversation.kind === 'group'
        ? { value: 'leave', label: this.t('groups.leave'), icon: 'leave', isDanger: true }
        : { value: 'delete', label: this.t('chats.commands.delete'), icon: 'trash', isDanger: true },
    ];
  });

  constructor() {
    const ended = new AbortController();
    inject(DestroyRef).onDestroy(() => ended.abort());
    afterNextRender(() =>
      watchLongPress(this.lines().nativeElement, ended.signal, (event) =>
        this.#askMenu(event.target, { x: event.clientX, y: event.clientY }),
      ),
    );
  }

  protected toggleArchive(): void {
    this.#isArchiveOpen.update((isOpen) => !isOpen);
  }

  protected contextMenu(event: MouseEvent): void {
    const isByKey = event.button !== 2 && event.clientX === 0;
    const at = isByKey ? belowOf(event.target) : { x: event.clientX, y: event.clientY };
    if (!at || !this.#askMenu(event.target, at)) return;
    event.preventDefault();
    if (event.button === 2 || event.ctrlKey) ignoreRelease();
  }

  protected pressKey(event: KeyboardEvent): void {
    if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return;
    const at = belowOf(event.target);
    if (at && this.#askMenu(event.target, at)) event.preventDefault();
  }

  protected choose(command: ChatCommand): void {
    const summary = this.menu()?.summary;
    if (!summary) return;
    const { conversation } = summary;
    const name = this.#titles.titleOf()(conversation).name;
    if (command === 'leave') {
      const kind = conversation.role === 'owner' ? 'leaveAsOwner' : 'leave';
      this.leaving.set({ kind, conversationId: conversation.id, title: name });
    } else if (command === 'delete') {
      this.#removals.remove(conversation, name);
      if (conversation.id === this.openId()) this.openRemoved.emit();
    } else if (command === 'notices') this.#askNotices(conversation.id);
    else if (command === 'pin' || command === 'unpin')
      void this.#mark(conversation.id, { isPinned: command === 'pin' });
    else void this.#mark(conversation.id, { isArchived: command === 'archive' });
  }

  protected left({ conversationId }: GroupAsk): void {
    this.leaving.set(undefined);
    if (conversationId === this.openId()) this.openRemoved.emit();
  }

  protected menuClosed(): void {
    const id = this.menu()?.summary.conversation.id;
    this.menu.set(undefined);
    setTimeout(() => {
      if (document.activeElement === document.body) this.#linkOf(id)?.focus();
    });
  }

  #askNotices(conversationId: string): void {
    const link = this.#linkOf(conversationId);
    // Where the focus goes back to when the sheet closes.
    link?.focus();
    this.#notices.show({ conversationId, ...(link && { anchor: link.getBoundingClientRect() }) });
  }

  async #mark(id: string, body: { isPinned: boolean } | { isArchived: boolean }): Promise<void> {
    try {
      await this.#store.act.call('conversations.mark', { params: { id }, body });
    } catch (error) {
      this.#toasts.show({ text: this.t(`errors.${errorBodyOf(error).code}`) });
    }
  }

  #askMenu(target: EventTarget | null, at: MenuPoint): boolean {
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-id]')?.dataset['id'] : undefined;
    const summary = id === undefined ? undefined : this.#store.conversations().get(id);
    if (!summary || summary.conversation.kind === 'lobby') return false;
    this.menu.set({ summary, at });
    return true;
  }

  #linkOf(id: string | undefined): HTMLElement | null {
    const line = id === undefined ? null : this.lines().nativeElement.querySelector(`[data-id="${CSS.escape(id)}"] a`);
    return (line ?? this.lines().nativeElement.querySelector('a')) as HTMLElement | null;
  }
}

function belowOf(target: EventTarget | null): MenuPoint | undefined {
  if (!(target instanceof Element)) return undefined;
  const { left, bottom } = target.getBoundingClientRect();
  return { x: left + 16, y: bottom };
}
