import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Conversation } from '@cloudhop/contracts';
import { PinsOverlay } from '@cloudhop/web/messages';
import { NotificationLevelOverlay, SearchOverlay } from '@cloudhop/web/navigation';
import { NotificationLevelButton } from '@cloudhop/web/notifications/level';
import { ClientStore, Language, Layout, presenceCount } from '@cloudhop/web/state';
import { Icon, IconButton, Menu, injectTranslate, type MenuItem, type MenuPoint } from '@cloudhop/web/ui';
import { RoomTile } from '@cloudhop/web/ui/room-tile';

type HeaderCommand = 'pins' | 'notices' | 'share' | 'info';

/** Header of a room: its name, its members and those online, and buttons for its sheets. */
@Component({
  selector: 'ch-room-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, IconButton, Menu, NotificationLevelButton, RoomTile, RouterLink],
  templateUrl: './room-header.html',
  styleUrl: './room-header.css',
})
export class RoomHeader {
  readonly conversation = input.required<Conversation>();
  /** Number of members, if it is known more recently than from the conversation. */
  readonly memberCount = input<number>();
  readonly isInfoShown = input.required<boolean>();
  readonly infoAsked = output();
  readonly shareAsked = output();
  protected readonly layout = inject(Layout);
  protected readonly search = inject(SearchOverlay);
  protected readonly pins = inject(PinsOverlay);
  protected readonly t = injectTranslate();
  protected readonly menu = signal<MenuPoint | undefined>(undefined);
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  readonly #notices = inject(NotificationLevelOverlay);
  protected readonly isLive = computed(() => ['live', 'catchingUp'].includes(this.#store.connection().phase));
  protected readonly facts = computed(() => {
    const { id, memberCount: countBefore = 0 } = this.conversation();
    const counted = this.memberCount();
    const { count: told = 0, isAtLeast } = this.#store.presence(id) ?? {};
    // Users online here are members, also those who joined since the count; removed users are not online here.
    const memberCount = counted ?? Math.max(countBefore, told);
    const here = Math.min(told, memberCount);
    return {
      here:
        here < 1
          ? ''
          : this.t('rooms.here', { count: presenceCount(this.t, this.#language.numbers().format(here), isAtLeast) }),
      people:
        memberCount < 1
          ? ''
          : this.t(`rooms.people.${memberCount === 1 ? 'one' : 'other'}`, {
              count: this.#language.numbers().format(memberCount),
            }),
    };
  });
  protected readonly items = computed((): readonly MenuItem<HeaderCommand>[] => [
    { value: 'share', label: this.t('rooms.share.title'), icon: 'share' },
    { value: 'pins', label: this.t('pins.title'), icon: 'pin' },
    { value: 'notices', label: this.t('notices.title'), icon: 'moon' },
    { value: 'info', label: this.t('rooms.info.title'), icon: 'people' },
  ]);

  protected openMenu(event: Event): void {
    const { left, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.menu.set({ x: left, y: bottom + 4 });
  }

  protected choose(command: HeaderCommand): void {
    const conversationId = this.conversation().id;
    if (command === 'share') this.shareAsked.emit();
    if (command === 'pins') this.pins.show(conversationId);
    if (command === 'notices') this.#notices.show({ conversationId });
    if (command === 'info') this.infoAsked.emit();
  }
}
