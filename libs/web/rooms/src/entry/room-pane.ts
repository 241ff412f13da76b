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
import { Conversation, LogSkeleton } from '@cloudhop/web/messages';
import { ActiveConversation } from '@cloudhop/web/navigation';
import { ClientStore, Layout, PageTitle, mediaSignal } from '@cloudhop/web/state';
import { Button, EmptyState, injectTranslate } from '@cloudhop/web/ui';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { InvitePeople } from '../members/invite-people';
import { isStaff } from '../members/member-actions';
import { RoomInfo } from '../members/room-info';
import { RoomSettings } from '../settings/room-settings';
import { ShareRoom } from '../share/share-room';
import { RoomHeader } from './room-header';

/** Sheet over a room's log. */
type RoomSheet = 'info' | 'share' | 'settings' | 'invite';

/** Joined room: its log, and its sheets beside or above. */
@Component({
  selector: 'ch-room-pane',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    Button,
    Conversation,
    EmptyState,
    InvitePeople,
    LogSkeleton,
    RoomHeader,
    RoomInfo,
    RoomSettings,
    ShareRoom,
    Sheet,
  ],
  templateUrl: './room-pane.html',
  styleUrl: './room-pane.css',
})
export class RoomPane {
  readonly id = input.required<string>();
  protected readonly t = injectTranslate();
  protected readonly layout = inject(Layout);
  readonly #store = inject(ClientStore);
  readonly #active = inject(ActiveConversation);
  readonly #title = inject(PageTitle);
  /** True if the members fit beside list and log. */
  protected readonly isWide = mediaSignal('(min-width: 1280px)');
  protected readonly sheet = signal<RoomSheet | undefined>(undefined);
  /** Number of members, while the member list counts them. */
  protected readonly memberCount = signal<number | undefined>(undefined);
  protected readonly log = viewChild(Conversation);
  protected readonly view = computed(() => this.#store.timeline(this.id()));
  protected readonly conversation = computed(
    () => this.view()?.conversation ?? this.#store.conversations().get(this.id())?.conversation,
  );
  protected readonly name = computed(() => this.conversation()?.title ?? '');
  protected readonly isBesideShown = computed(() => this.isWide() && this.layout.isPaneOpen());
  protected readonly isInfoShown = computed(() => (this.isWide() ? this.layout.isPaneOpen() : this.sheet() === 'info'));
  /** Text of the empty log: nobody has written, or nobody who may. */
  protected readonly first = computed(() => {
    const { role, isAnnouncement, archivedAt } = this.conversation() ?? {};
    if (archivedAt !== undefined) return 'archived';
    return isAnnouncement && !isStaff(role) ? 'announcement' : 'open';
  });
  protected readonly sheetLabel = computed(() => {
    const sheet = this.sheet();
    return sheet === undefined ? '' : this.t(`rooms.${sheet}.title`);
  });

  constructor() {
    effect((onCleanup) => {
      const id = this.id();
      untracked(() => {
        this.#store.act.open(id);
        this.#active.enter(id);
      });
      onCleanup(() => {
        this.#active.leave(id);
        this.#store.act.close(id);
      });
    });
    effect(() => {
      if (this.name() !== '') this.#title.showPlace(this.name());
    });
    effect(() => {
      if (this.isWide()) this.sheet.update((sheet) => (sheet === 'info' ? undefined : sheet));
    });
  }

  protected toggleInfo(): void {
    if (this.isWide()) this.layout.togglePane();
    else this.sheet.update((sheet) => (sheet === 'info' ? undefined : 'info'));
  }

  protected closeInfo(): void {
    if (this.sheet() === 'info') this.sheet.set(undefined);
  }
}
