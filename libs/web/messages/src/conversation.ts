import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { isMentioned, type ErrorBody, type Message } from '@cloudhop/contracts';
import type { TimelineEntry, TimelineView } from '@cloudhop/sdk';
import { MentionLookup, People, PersonCardOverlay } from '@cloudhop/web/people';
import { ClientStore, Clock, Language, nameWithTag } from '@cloudhop/web/state';
import {
  Composer,
  EmojiSheet,
  MessageMenu,
  Snackbar,
  Timeline,
  injectTranslate,
  type AuthorRequest,
  type CommandRequest,
  type FoldRow,
  type MessageCommand,
  type MessageRow,
  type RowContext,
  type RowRequest,
} from '@cloudhop/web/ui';
import { AccountOffer } from './account-offer/account-offer';
import { AccountOffers } from './account-offer/account-offers';
import { injectReactors } from './reactions/inject-reactors';
import { Announcer } from './log/announcer';
import { RestrictedComposer } from './composer/restricted-composer';
import { writeRestrictionOf } from './composer/write-restriction';
import { ConnectionBanner } from './log/connection-banner';
import { injectDraft } from './composer/draft';
import { PendingEdits, type PendingEdit } from './composer/pending-edits';
import { messageCommands } from './message/message-commands';
import { LogSkeleton } from './log/log-skeleton';
import { MessageActions, type MessagePanel } from './message/message-actions';
import { MessagePanels } from './message/message-panels';
import { injectReading } from './log/reading';
import { injectReceipts } from './receipts/inject-receipts';
import { ReplyTargets } from './composer/reply-targets';
import { injectSuggestions } from './composer/inject-suggestions';
import { injectFocusOnTyping } from './composer/focus-on-typing';
import { TypingIndicator } from './composer/typing-indicator';
import { injectSendCountdown } from './composer/send-countdown';

const noPresenceNotices: RowContext['presenceNotices'] = [];

/** A conversation: its log, message actions and composer. Projected content is shown while the log is empty. */
@Component({
  selector: 'ch-conversation',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    AccountOffer,
    Announcer,
    Composer,
    ConnectionBanner,
    EmojiSheet,
    LogSkeleton,
    MessageMenu,
    MessagePanels,
    RestrictedComposer,
    Snackbar,
    Timeline,
    TypingIndicator,
  ],
  templateUrl: './conversation.html',
  styleUrl: './conversation.css',
})
export class Conversation {
  readonly view = input.required<TimelineView>();
  /** Accessible name of the log. */
  readonly label = input.required<string>();
  protected readonly store = inject(ClientStore);
  protected readonly language = inject(Language);
  protected readonly t = injectTranslate();
  protected readonly people = inject(People);
  readonly #cards = inject(PersonCardOverlay);
  readonly #clock = inject(Clock);
  readonly #router = inject(Router);
  protected readonly offers = inject(AccountOffers);
  private readonly timeline = viewChild(Timeline);
  protected readonly composer = viewChild(Composer);

  protected readonly id = computed(() => this.view().conversation.id);
  protected readonly menu = signal<RowRequest | undefined>(undefined);
  /** Panel that is open for a message or for the conversation. */
  protected readonly panel = signal<MessagePanel | undefined>(undefined);
  protected readonly editing = signal<TimelineEntry | undefined>(undefined);
  protected readonly actions = new MessageActions({
    id: this.id,
    answer: (message) => this.answer(message),
    edit: (key) => this.startEditing(key),
    remove: (row) => this.#remove(row),
    show: (panel) => this.panel.set(panel),
    showPerson: (request) => this.showPerson(request),
  });
  readonly #replies = inject(ReplyTargets);
  readonly #edits = inject(PendingEdits);
  protected readonly names = inject(MentionLookup).mentionOf;
  protected readonly reactorsOf = injectReactors();
  protected readonly suggestions = injectSuggestions(this.view);
  /** The replied-to message, as the composer shows it. */
  protected readonly answering = computed(() => {
    const id = this.#replies.of(this.id());
    if (id === undefined) return undefined;
    const entry = this.view().entries.find(({ message }) => message.id === id);
    if (!entry) return { name: this.t('reply.someone'), text: '' };
    const { authorId, body } = entry.message;
    return { name: entry.isMine ? this.t('message.you') : nameWithTag(this.people.personOf()(authorId)), text: body };
  });
  /** Seq of the first new message of the last jump. No error is shown if that message is gone. */
  #newSeq: number | undefined;
  protected readonly text = injectDraft({
    conversationId: this.id,
    isEditing: computed(() => this.editing() !== undefined),
    hasFocus: () => this.composer()?.hasFocus ?? false,
  });
  protected readonly reading = injectReading(this.view, () => this.timeline()?.isAtBottom() ?? true);
  protected readonly countdown = injectSendCountdown(this.view);
  readonly #receiptOf = injectReceipts(this.view);
  readonly #isMention = computed(() => {
    const me = this.store.me();
    return me && ((body: string) => isMentioned(body, me));
  });
  /** Stable until somebody joins or leaves, because a change rebuilds all rows. */
  readonly #presenceNotices = computed(() => this.store.presence(this.id())?.notices ?? noPresenceNotices);
  readonly #hasBefore = computed(() => this.view().hasBefore);
  readonly #hasAfter = computed(() => this.view().hasAfter);
  /** Keys of messages in folds that the reader opened. */
  readonly #unfolded = signal<ReadonlySet<string>>(new Set());
  protected readonly restriction = computed(
    () =>
      writeRestrictionOf(this.view().conversation, {
        me: this.store.me(),
        blocks: this.store.blocks(),
        users: this.store.users(),
        now: this.countdown.now(),
      }),
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  protected readonly heard = computed(() => {
    const blocks = this.store.blocks();
    const { entries } = this.view();
    return blocks.size === 0 ? entries : entries.filter(({ message }) => !blocks.has(message.authorId));
  });
  protected readonly context = computed((): RowContext => {
    const { time, fullTime, dayKey, dayLabel } = this.language.dates();
    this.#clock.day();
    const blocks = this.store.blocks();
    const isDirect = this.view().conversation.kind === 'direct';
    const receiptOf = this.#receiptOf();
    const isMention = this.#isMention();
    const me = this.store.me()?.id;
    return {
      presenceNotices: this.#presenceNotices(),
      newAfterSeq: this.reading.newAfterSeq(),
      floorSeq: this.view().conversation.floorSeq,
      ...(me !== undefined && { myId: me }),
      hasBefore: this.#hasBefore(),
      hasAfter: this.#hasAfter(),
      ...(receiptOf && { receiptOf }),
      ...(isMention && { isMention }),
      personOf: this.people.personOf(),
      // Direct conversations are never folded: whoever opens one wants to read it.
      isFolded: (authorId) => !isDirect && blocks.has(authorId),
      unfolded: this.#unfolded(),
      timeOf: time,
      fullTimeOf: fullTime,
      dayKeyOf: dayKey,
      dayLabelOf: dayLabel,
    };
  });
  protected readonly isEmpty = computed(
    () => this.view().entries.length === 0 && !this.#hasBefore() && !this.#hasAfter() && !this.view().isLoadingBefore,
  );
  protected readonly deletion = computed(() =>
    this.store.deletions().findLast(({ conversationId }) => conversationId === this.id()),
  );
  protected readonly problemOf = computed(() => {
    const t = this.t;
    return (error: ErrorBody | undefined) => t(`errors.${error?.code ?? 'unavailable'}`);
  });
  /** Closes when its message is gone. */
  protected readonly openPanel = computed(() => {
    const panel = this.panel();
    const key = panel?.row?.key;
    return key === undefined || this.view().entries.some((entry) => entry.key === key) ? panel : undefined;
  });
  protected readonly commands = computed((): readonly MessageCommand[] => {
    const line = this.menu()?.row.line;
    return line ? messageCommands(line, this.view().conversation, this.restriction()) : [];
  });

  constructor() {
    // Returning to a conversation shows its latest messages, not an old jump target.
    inject(DestroyRef).onDestroy(() => {
      const { jump, hasAfter } = this.view();
      if (jump || hasAfter) this.store.act.jumpToLatest(this.id());
      this.actions.stop();
    });
    injectFocusOnTyping({ conversationId: this.id, composer: this.composer });
    const restored = effect(() => {
      if (this.view().entries.length === 0) return;
      restored.destroy();
      const edit = untracked(() => this.#edits.of(this.id()));
      if (edit) untracked(() => this.#goOnEditing(edit));
    });
    effect(() => {
      const notice = this.store.notice();
      if (notice?.kind !== 'refused') return;
      this.actions.showStatus(this.t(`errors.${notice.error?.code ?? 'internal'}`));
      untracked(() => this.store.dismissNotice());
    });
  }

  protected send(body: string): void {
    const edited = this.editing();
    if (edited) {
      if (body !== edited.message.body) this.store.act.edit(this.id(), edited.message.id, body);
      else if (edited.status === 'failed' && edited.entryId) this.store.act.retry(edited.entryId);
      this.stopEditing();
      return;
    }
    if (this.countdown.slow()) return this.actions.showStatus(this.t('slow.wait', { time: this.countdown.slow() }));
    const replyTo = this.#replies.of(this.id());
    this.store.act.send(this.id(), body, replyTo === undefined ? {} : { replyTo });
    this.#replies.set(this.id(), undefined);
    this.store.act.setTyping(this.id(), false);
    this.text.set('');
    this.offers.said();
    this.reading.answered();
    this.timeline()?.jumpToLatest();
  }

  /** Editing does not send typing signals. */
  protected typed(hasText: boolean): void {
    const edited = this.editing();
    if (edited) this.#edits.set(this.id(), { key: edited.key, body: this.text() });
    else this.store.act.setTyping(this.id(), hasText);
  }

  /** Opens the menu or a panel of a message. */
  protected ask(request: RowRequest): void {
    const { what, row, anchor } = request;
    if (what === 'menu') this.menu.set(request);
    else this.panel.set({ what, row, anchor });
  }

  /** Runs a command invoked without the menu, if the menu would offer it. */
  protected command({ command, row, anchor }: CommandRequest): void {
    const offered = messageCommands(row.line, this.view().conversation, this.restriction());
    const meant = command === 'pin' && row.line.message.pinnedAt !== undefined ? 'unpin' : command;
    if (offered.includes(meant)) this.actions.run(meant, row, anchor);
  }

  protected commandFromMenu(command: MessageCommand): void {
    const request = this.menu();
    if (request) this.actions.run(command, request.row, request.anchor);
  }

  protected answer({ id }: Message): void {
    if (this.editing()) this.stopEditing();
    this.#replies.set(this.id(), id);
    setTimeout(() => this.composer()?.focusEnd());
  }

  /** Cancels the edit or reply shown above the field. */
  protected cancelAside(): void {
    if (this.editing()) return this.stopEditing();
    this.#replies.set(this.id(), undefined);
    this.composer()?.focus();
  }

  protected goToNew(seq: number): void {
    this.#newSeq = seq;
    this.store.act.jumpTo(this.id(), seq);
  }

  protected goTo(seq: number): void {
    this.#newSeq = undefined;
    this.store.act.jumpTo(this.id(), seq);
  }

  protected jumpMissed(): void {
    if (this.view().jump?.seq !== this.#newSeq) this.actions.showStatus(this.t('jump.gone'));
  }

  protected showPerson({ userId, anchor }: AuthorRequest): void {
    if (!this.store.users().get(userId)?.isGone) this.#cards.show({ userId, anchor, mention: this.mention });
  }

  /** Inserts a mention at the caret and focuses the composer. */
  readonly mention = (name: string): void => {
    const before = this.text();
    this.composer()?.insert(`${before === '' || /\s$/.test(before) ? '' : ' '}@${name} `);
    setTimeout(() => this.composer()?.focus());
  };

  protected toggleFold({ keys, isOpen }: FoldRow): void {
    this.#unfolded.update((unfolded) =>
      isOpen ? new Set([...unfolded].filter((key) => !keys.includes(key))) : new Set([...unfolded, ...keys]),
    );
  }

  protected react(row: MessageRow, emoji: string, on: boolean): void {
    this.store.act.react(this.id(), row.line.message.id, emoji, on);
  }

  protected reactFromMenu(emoji: string): void {
    const row = this.menu()?.row;
    if (row) this.react(row, emoji, !row.line.mine.includes(emoji));
  }

  protected pick(emoji: string): void {
    const row = this.panel()?.row;
    this.closePanel();
    if (row) this.react(row, emoji, true);
    else {
      this.composer()?.insert(emoji);
      setTimeout(() => this.composer()?.focus());
    }
  }

  /** Follows an in-app link without reloading. */
  protected follow(path: string): void {
    void this.#router.navigateByUrl(path);
  }

  protected menuClosed(): void {
    const key = this.menu()?.row.key;
    this.menu.set(undefined);
    if (key) this.#focusUnlessElsewhere(key);
  }

  protected closePanel(): void {
    const key = this.panel()?.row?.key;
    this.panel.set(undefined);
    if (key) this.#focusUnlessElsewhere(key);
  }

  /** Waits a task: only then is it known whether another element took the focus on purpose. */
  #focusUnlessElsewhere(key: string): void {
    setTimeout(() => {
      if (document.activeElement === document.body) this.timeline()?.focusMessage(key);
    });
  }

  protected editLast(): void {
    const last = this.view().entries.findLast(({ isMine, message }) => isMine && message.rev > 0);
    if (last) this.startEditing(last.key);
  }

  protected startEditing(key: string, body?: string): void {
    const entry = this.view().entries.find((entry) => entry.key === key);
    if (!entry) return;
    this.editing.set(entry);
    this.text.set(body ?? entry.message.body);
    this.#edits.set(this.id(), { key, body: this.text() });
    setTimeout(() => this.composer()?.focusEnd());
  }

  /** Restores an unsent edit. If its message isn't loaded or is gone, the text becomes a new message. */
  #goOnEditing({ key, body }: PendingEdit): void {
    if (this.view().entries.some((entry) => entry.key === key && entry.isMine)) return this.startEditing(key, body);
    this.#edits.set(this.id(), undefined);
    if (this.text() === '') this.text.set(body);
  }

  protected stopEditing(): void {
    this.editing.set(undefined);
    this.#edits.set(this.id(), undefined);
    this.text.set(this.store.conversations().get(this.id())?.draft ?? '');
    this.composer()?.focus();
  }

  protected undo(): void {
    const deletion = this.deletion();
    if (!deletion) return;
    this.store.act.undoRemove(deletion.entryId);
    this.#focusUnlessElsewhere(deletion.messageId);
  }

  #remove(row: MessageRow): void {
    if (this.editing()?.key === row.key) this.stopEditing();
    const neighbour = this.timeline()?.neighbourOf(row.key);
    this.store.act.remove(this.id(), row.line.message.id);
    setTimeout(() => (neighbour ? this.timeline()?.focusMessage(neighbour) : this.composer()?.focus()));
  }
}
