import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import type { ConversationSummary } from '@cloudhop/sdk';
import { ConversationTitles, SwitcherOverlay, listConversations } from '@cloudhop/web/navigation';
import { ConversationList, InvitationCard, type RemovalCommand } from '@cloudhop/web/navigation/lists';
import { ClientStore, Layout } from '@cloudhop/web/state';
import { Icon, IconButton, injectTranslate, type MenuItem } from '@cloudhop/web/ui';
import { ChatRemovals } from './chat-removals';
import { GroupConfirmation, type PendingGroupAction } from './group/group-confirmation';
import { NewGroup } from './group/new-group';
import { NoChats } from './no-chats';

/** Number of lines above which the list has a search field. */
const fewLines = 8;

/** List of the user's conversations. */
@Component({
  selector: 'ch-chat-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ConversationList, GroupConfirmation, Icon, IconButton, InvitationCard, NewGroup, NoChats],
  templateUrl: './chat-list.html',
  styleUrl: './chat-list.css',
})
export class ChatList {
  readonly openId = input<string>();
  /** Emits when the open conversation is about to be deleted, or was left. */
  readonly openRemoved = output();
  protected readonly switcher = inject(SwitcherOverlay);
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #removals = inject(ChatRemovals);
  readonly #titles = inject(ConversationTitles);
  protected readonly isPhone = inject(Layout).isPhone;

  protected readonly filter = signal('');
  protected readonly isMakingGroup = signal(false);
  protected readonly leaving = signal<PendingGroupAction | undefined>(undefined);
  readonly #list = computed(() => {
    const lobbyId = this.#store.lobbyId();
    const openId = this.openId();
    // Rooms have a screen of their own.
    const summaries = [...this.#store.conversations().values()].filter(
      ({ conversation }) => conversation.kind !== 'room',
    );
    const hidden = new Set(
      summaries.filter((summary) => this.#removals.isHidden(summary)).map(({ conversation }) => conversation.id),
    );
    return listConversations(summaries, { hidden, ...(lobbyId && { lobbyId }), ...(openId && { openId }) });
  });
  /** Invitations to groups, the latest first. */
  protected readonly invitations = computed(() =>
    [...this.#store.invitations()]
      .filter(([, { slug }]) => slug === undefined)
      .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1))
      .map(([id, invitation]) => ({ id, invitation })),
  );
  protected readonly isKnown = computed(() => this.#store.me() !== undefined && this.#store.lobbyId() !== undefined);
  protected readonly hasNoChats = computed(
    () => this.#list().open.length === 0 && this.#list().archived.length === 0 && this.invitations().length === 0,
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
  protected readonly removalItemOf = computed(() => {
    const [leave, remove] = [this.t('groups.leave'), this.t('chats.commands.delete')];
    return ({ conversation }: ConversationSummary): MenuItem<RemovalCommand> =>
      conversation.kind === 'group'
        ? { value: 'leave', label: leave, icon: 'leave', isDanger: true }
        : { value: 'delete', label: remove, icon: 'trash', isDanger: true };
  });

  protected part({ conversation }: ConversationSummary): void {
    const { name } = this.#titles.titleOf()(conversation);
    if (conversation.kind === 'group') {
      const kind = conversation.role === 'owner' ? 'leaveAsOwner' : 'leave';
      this.leaving.set({ kind, conversationId: conversation.id, title: name });
    } else {
      this.#removals.remove(conversation, name);
      if (conversation.id === this.openId()) this.openRemoved.emit();
    }
  }

  protected left({ conversationId }: PendingGroupAction): void {
    this.leaving.set(undefined);
    if (conversationId === this.openId()) this.openRemoved.emit();
  }
}
