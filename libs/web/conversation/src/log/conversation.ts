import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import type { TimelineEntry, TimelineView } from '@cloudhop/sdk';
import {
  Attention,
  ClientStore,
  Clock,
  Language,
  PageTitle,
  copyText,
  namedPerson,
  readDraft,
  writeDraft,
} from '@cloudhop/web/state';
import {
  Composer,
  EmojiSheet,
  MessageMenu,
  Snackbar,
  Timeline,
  injectTranslate,
  type MessageCommand,
  type MessageRow,
  type RowContext,
  type RowRequest,
} from '@cloudhop/web/ui';
import { Announcer } from './announcer';
import { ConnectionBanner } from './connection-banner';
import { clearedMarker, firstMarker, nextMarker, type NewMarker } from './new-marker';

interface PickerRequest {
  anchor: DOMRect;
  /** The message to react to; without one the emoji is typed. */
  row?: MessageRow;
}

/** One conversation: its log, what can be done with a line, and where one types. Its content shows while nothing was said. */
@Component({
  selector: 'ch-conversation',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Announcer, Composer, ConnectionBanner, EmojiSheet, MessageMenu, Snackbar, Timeline],
  templateUrl: './conversation.html',
  styleUrl: './conversation.css',
})
export class Conversation {
  readonly view = input.required<TimelineView>();
  /** What a screen reader calls the log. */
  readonly label = input.required<string>();
  protected readonly store = inject(ClientStore);
  protected readonly language = inject(Language);
  protected readonly t = injectTranslate();
  readonly #attention = inject(Attention);
  readonly #clock = inject(Clock);
  readonly #title = inject(PageTitle);
  private readonly timeline = viewChild(Timeline);
  private readonly composer = viewChild.required(Composer);

  protected readonly id = computed(() => this.view().conversation.id);
  protected readonly menu = signal<RowRequest | undefined>(undefined);
  protected readonly picker = signal<PickerRequest | undefined>(undefined);
  protected readonly editing = signal<TimelineEntry | undefined>(undefined);
  protected readonly said = signal('');
  protected readonly text = linkedSignal(() => readDraft(this.id()));
  readonly #marker = signal<NewMarker | undefined>(undefined);
  readonly #headSeq = computed(() => this.view().entries.findLast(({ message }) => message.rev > 0)?.message.seq ?? 0);
  readonly #isReading = computed(() => this.#attention.isHere() && (this.timeline()?.isAtBottom() ?? true));

  protected readonly personOf = computed(() => {
    const users = this.store.users();
    const word = this.t('people.guest');
    return (id: string) => {
      const user = users.get(id);
      return user ? namedPerson(user, word) : { id, name: word, initial: word };
    };
  });
  protected readonly context = computed((): RowContext => {
    const { time, fullTime, dayKey, dayLabel } = this.language.dates();
    this.#clock.day();
    return {
      comings: this.store.presence(this.id())?.notices ?? [],
      newAfterSeq: this.#marker()?.afterSeq,
      personOf: this.personOf(),
      timeOf: time,
      fullTimeOf: fullTime,
      dayKeyOf: dayKey,
      dayLabelOf: dayLabel,
    };
  });
  protected readonly isEmpty = computed(
    () => this.view().entries.length === 0 && !this.view().hasBefore && !this.view().isLoadingBefore,
  );
  protected readonly deletion = computed(() =>
    this.store.deletions().findLast(({ conversationId }) => conversationId === this.id()),
  );
  protected readonly problemOf = computed(() => {
    const t = this.t;
    return (error: ErrorBody | undefined) => t(`errors.${error?.code ?? 'unavailable'}`);
  });
  protected readonly commands = computed((): readonly MessageCommand[] => {
    const line = this.menu()?.row.line;
    if (!line) return [];
    const isStored = line.message.rev > 0;
    return [
      ...(isStored ? (['pick'] as const) : []),
      'copy',
      ...(line.isMine && isStored ? (['edit', 'delete'] as const) : []),
    ];
  });

  constructor() {
    effect(() => writeDraft(this.id(), this.editing() ? untracked(() => readDraft(this.id())) : this.text()));
    effect(() => {
      const reading = { isReading: this.#isReading(), headSeq: this.#headSeq(), readSeq: this.view().readSeq };
      this.#marker.update((marker) => (marker ? nextMarker(marker, reading) : firstMarker(reading)));
      if (reading.isReading && reading.headSeq > reading.readSeq)
        untracked(() => this.store.act.markRead(this.id(), reading.headSeq));
    });
    effect(() => this.#title.showUnread(this.#attention.isHere() ? 0 : this.view().unread));
    effect((onCleanup) => {
      if (this.said() === '') return;
      const timer = setTimeout(() => this.said.set(''), 2_500);
      onCleanup(() => clearTimeout(timer));
    });
    effect(() => {
      const notice = this.store.notice();
      if (notice?.kind !== 'refused') return;
      this.said.set(this.t(`errors.${notice.error?.code ?? 'internal'}`));
      untracked(() => this.store.dismissNotice());
    });
  }

  protected send(body: string): void {
    const edited = this.editing();
    if (edited) {
      if (body !== edited.message.body) this.store.act.edit(this.id(), edited.message.id, body);
      this.stopEditing();
      return;
    }
    this.store.act.send(this.id(), body);
    this.text.set('');
    this.#marker.update((marker) => marker && clearedMarker(marker));
    this.timeline()?.jumpToLatest();
  }

  protected command(command: MessageCommand): void {
    const request = this.menu();
    if (!request) return;
    const { row, anchor } = request;
    const { message } = row.line;
    if (command === 'copy') void this.#copy(message.body);
    if (command === 'pick') this.picker.set({ anchor, row });
    if (command === 'edit') this.startEditing(row.key);
    if (command === 'delete') this.#remove(row);
  }

  protected react(row: MessageRow, emoji: string, on: boolean): void {
    this.store.act.react(this.id(), row.line.message.id, emoji, on);
  }

  protected reactFromMenu(emoji: string): void {
    const row = this.menu()?.row;
    if (row) this.react(row, emoji, !row.line.mine.includes(emoji));
  }

  protected pick(emoji: string): void {
    const row = this.picker()?.row;
    this.picker.set(undefined);
    if (row) this.react(row, emoji, true);
    else {
      this.composer().insert(emoji);
      setTimeout(() => this.composer().focus());
    }
  }

  protected menuClosed(): void {
    const key = this.menu()?.row.key;
    this.menu.set(undefined);
    // Only once the menu is gone is it known whether the composer, a sheet or a neighbour has taken the focus on purpose.
    setTimeout(() => {
      if (key && document.activeElement === document.body) this.timeline()?.focusMessage(key);
    });
  }

  protected editLast(): void {
    const last = this.view().entries.findLast(({ isMine, message }) => isMine && message.rev > 0);
    if (last) this.startEditing(last.key);
  }

  protected startEditing(key: string): void {
    const entry = this.view().entries.find((entry) => entry.key === key);
    if (!entry) return;
    this.editing.set(entry);
    this.text.set(entry.message.body);
    setTimeout(() => this.composer().focusEnd());
  }

  protected stopEditing(): void {
    this.editing.set(undefined);
    this.text.set(readDraft(this.id()));
    this.composer().focus();
  }

  protected undo(): void {
    const deletion = this.deletion();
    if (deletion) this.store.act.undoRemove(deletion.entryId);
  }

  async #copy(text: string): Promise<void> {
    this.said.set(this.t((await copyText(text)) ? 'message.copied' : 'message.notCopied'));
  }

  #remove(row: MessageRow): void {
    if (this.editing()?.key === row.key) this.stopEditing();
    const neighbour = this.timeline()?.neighbourOf(row.key);
    this.store.act.remove(this.id(), row.line.message.id);
    setTimeout(() => (neighbour ? this.timeline()?.focusMessage(neighbour) : this.composer().focus()));
  }
}
