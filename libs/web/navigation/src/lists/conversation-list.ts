import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { ConversationSummary } from '@cloudhop/sdk';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import {
  Icon,
  Menu,
  Toasts,
  ignoreRelease,
  injectTranslate,
  watchLongPress,
  type MenuItem,
  type MenuPoint,
} from '@cloudhop/web/ui';
import { NotificationLevelOverlay } from '../notification-level-overlay';
import { ConversationItem } from './conversation-item';
import { ConversationTitles } from '../conversation-titles';

/** Command that removes a conversation from the list for good: leave it, or delete it for oneself. */
export type RemovalCommand = 'leave' | 'delete';

type ItemCommand = 'pin' | 'unpin' | 'archive' | 'unarchive' | 'notices' | RemovalCommand;

/**
 * List of conversations with a folded archive below, and a menu for each item. Projected content is placed between the
 * two.
 */
@Component({
  selector: 'ch-conversation-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ConversationItem, Icon, Menu],
  host: { '(contextmenu)': 'contextMenu($event)', '(keydown)': 'pressKey($event)' },
  templateUrl: './conversation-list.html',
  styleUrl: './conversation-list.css',
})
export class ConversationList {
  readonly open = input.required<readonly ConversationSummary[]>();
  readonly archived = input.required<readonly ConversationSummary[]>();
  readonly label = input.required<string>();
  /** Id of the conversation on screen. */
  readonly openId = input<string>();
  /** Unfolds the archive, for a filtered list. */
  readonly isUnfolded = input(false);
  /** Last entry of an item's menu. */
  readonly removalItemOf = input.required<(summary: ConversationSummary) => MenuItem<RemovalCommand>>();
  readonly removalChosen = output<ConversationSummary>();
  protected readonly t = injectTranslate();
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #levelOverlay = inject(NotificationLevelOverlay);
  readonly #toasts = inject(Toasts);
  readonly #isArchiveOpen = signal(false);
  protected readonly isArchiveShown = computed(() => this.#isArchiveOpen() || this.isUnfolded());
  protected readonly menu = signal<{ summary: ConversationSummary; at: MenuPoint } | undefined>(undefined);
  protected readonly menuLabel = computed(() => {
    const conversation = this.menu()?.summary.conversation;
    return conversation ? this.t('chats.menu', { name: this.#titles.titleOf()(conversation).name }) : '';
  });
  protected readonly items = computed((): readonly MenuItem<ItemCommand>[] => {
    const summary = this.menu()?.summary;
    if (!summary) return [];
    const isPinned = summary.conversation.pinnedAt !== undefined;
    const pin = isPinned ? 'unpin' : 'pin';
    const archive = summary.isArchived ? 'unarchive' : 'archive';
    return [
      { value: pin, label: this.t(`chats.commands.${pin}`), icon: 'pin' },
      { value: archive, label: this.t(`chats.commands.${archive}`), icon: 'archive' },
      { value: 'notices', label: this.t('notices.title'), icon: 'moon' },
      this.removalItemOf()(summary),
    ];
  });

  constructor() {
    const ended = new AbortController();
    inject(DestroyRef).onDestroy(() => ended.abort());
    afterNextRender(() =>
      watchLongPress(this.#host.nativeElement, ended.signal, (event) =>
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

  protected choose(command: ItemCommand): void {
    const summary = this.menu()?.summary;
    if (!summary) return;
    const { id } = summary.conversation;
    if (command === 'leave' || command === 'delete') this.removalChosen.emit(summary);
    else if (command === 'notices') this.#askNotices(id);
    else if (command === 'pin' || command === 'unpin') void this.#mark(id, { isPinned: command === 'pin' });
    else void this.#mark(id, { isArchived: command === 'archive' });
  }

  protected menuClosed(): void {
    const id = this.menu()?.summary.conversation.id;
    this.menu.set(undefined);
    setTimeout(() => {
      if (document.activeElement === document.body) this.#conversationLink(id)?.focus();
    });
  }

  #askNotices(conversationId: string): void {
    const link = this.#conversationLink(conversationId);
    // The focus returns here when the sheet closes.
    link?.focus();
    this.#levelOverlay.show({ conversationId, ...(link && { anchor: link.getBoundingClientRect() }) });
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

  #conversationLink(id: string | undefined): HTMLElement | null {
    const host = this.#host.nativeElement;
    const line = id === undefined ? null : host.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] a`);
    return line ?? host.querySelector('a');
  }
}

function belowOf(target: EventTarget | null): MenuPoint | undefined {
  if (!(target instanceof Element)) return undefined;
  const { left, bottom } = target.getBoundingClientRect();
  return { x: left + 16, y: bottom };
}
