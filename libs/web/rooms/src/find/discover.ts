import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ClientStore, Language, Layout } from '@cloudhop/web/state';
import { Button, EmptyState, Icon, RoomTile, injectTranslate } from '@cloudhop/web/ui';
import { problemKey } from '../room-task';
import { PublicRooms } from './public-rooms';
import { RoomMarks } from './room-marks';

/** The rooms that everybody may find. */
@Component({
  selector: 'ch-discover',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, Icon, RoomMarks, RoomTile, RouterLink],
  providers: [PublicRooms],
  templateUrl: './discover.html',
  styleUrl: './discover.css',
})
export class Discover {
  /** Somebody wants a room of their own. */
  readonly makeAsked = output();
  protected readonly list = inject(PublicRooms);
  protected readonly t = injectTranslate();
  /** There the list above it has the same button. */
  protected readonly isPhone = inject(Layout).isPhone;
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  protected readonly rooms = computed(() => {
    const mine = this.#store.conversations();
    return this.list.items()?.map((room) => ({
      ...room,
      // This device hears of coming and going before the list is read again.
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
