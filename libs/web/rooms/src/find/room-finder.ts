import { Injectable, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { limits, slugOf, type Room } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { findSlug } from '../make/create-room';
import { roomOfName } from './room-name';

/** Debounce of typing before the server is asked, in milliseconds. */
const pauseMs = 220;
/** Maximum of rooms listed for a query. */
const shownRooms = 8;

/** Search of public rooms by name. Provide it where the field is. */
@Injectable()
export class RoomFinder {
  readonly #store = inject(ClientStore);
  readonly typed = signal('');
  readonly name = computed(() => this.typed().trim());
  readonly #asked = resource({
    params: () => {
      const q = [...this.name()].slice(0, limits.searchCharacters).join('');
      return q === '' || this.#store.connection().phase !== 'live' ? undefined : q;
    },
    loader: async ({ params: q, abortSignal }) => {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (abortSignal.aborted) return [];
      return (await this.#store.act.call('rooms.list', { query: { q, limit: String(shownRooms) } })).items;
    },
  });
  /** Keeps the last results until newer ones arrive, so that the list doesn't flicker with every letter. */
  readonly found = linkedSignal<readonly Room[] | undefined, readonly Room[]>({
    source: () => (this.name() === '' ? [] : this.#asked.hasValue() ? this.#asked.value() : undefined),
    computation: (now, before) => now ?? before?.value ?? [],
  });
  readonly isLooking = this.#asked.isLoading;
  readonly error = this.#asked.error;

  /** Returns the address of the room with exactly this name, among these or on the server. */
  async addressOf(
    name: string,
    mine: readonly { slug?: string | undefined; title?: string | undefined }[],
  ): Promise<string | undefined> {
    const known = roomOfName(name, mine) ?? roomOfName(name, this.found());
    return known?.slug ?? findSlug(this.#store.act, slugOf(name));
  }
}
