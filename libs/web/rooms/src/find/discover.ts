import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ClientStore, Language, Layout } from '@cloudhop/web/state';
import { Button, EmptyState, Icon, injectTranslate } from '@cloudhop/web/ui';
import { RoomTile } from '@cloudhop/web/ui/room-tile';
import { problemKey } from '../room-task';
import { PublicRooms } from './public-rooms';
import { RoomBadges } from './room-badges';

/** Directory of public rooms. */
@Component({
  selector: 'ch-discover',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, Icon, RoomBadges, RoomTile, RouterLink],
  providers: [PublicRooms],
  templateUrl: './discover.html',
  styleUrl: './discover.css',
})
export class Discover {
  /** Emits when the user wants to create a room. */
  readonly makeAsked = output();
  protected readonly list = inject(PublicRooms);
  protected readonly t = injectTranslate();
  /** On phones the list above it has the same button. */
  protected readonly isPhone = inject(Layout).isPhone;
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  protected readonly rooms = computed(() => {
    const mine = this.#store.conversations();
    return this.list.items()?.map((room) => ({
      ...room,
      // This device learns of joining and leaving before the list is read again.
      isMine: mine.has(room.id),
      people: this.#counted('rooms.people', room.memberCount),
    }));
  });
  protected readonly problem = computed(() => {
    const error = this.list.error();
    return error && this.t(problemKey(error));
  });
  protected readonly isOffline = computed(() => this.#store.connection().phase === 'offline');

  #counted(key: string, count: number): string {
    return this.t(`${key}.${count === 1 ? 'one' : 'other'}`, { count: this.#language.numbers().format(count) });
  }
}
