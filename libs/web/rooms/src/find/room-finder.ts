import { Injectable, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { limits, slugOf, type Room } from '@cloudhop/contracts';
import { ClientStore } from '@cloudhop/web/state';
import { findSlug } from '../make/one-touch';
import { roomOfName } from './room-name';

/** Nobody is asked while somebody still types. */
const pauseMs = 220;
/** Rooms that are listed while one types: with one letter more there are fewer. */
const shownRooms = 8;

/** Public rooms by what is typed. Provide it where one types. */
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
  /** What was found last stays until there is something newer, so that the list does not blink with every letter. */
  readonly found = linkedSignal<readonly Room[] | undefined, readonly Room[]>({
    source: () => (this.name() === '' ? [] : this.#asked.hasValue() ? this.#asked.value() : undefined),
    computation: (now, before) => now ?? before?.value ?? [],
  });
  readonly isLooking = this.#asked.isLoading;
  readonly error = this.#asked.error;

  /** The address of the room with exactly this name, among these or as the server knows it. */
  async addressOf(
    name: string,
    mine: readonly { slug?: string | undefined; title?: string | undefined }[],
  ): Promise<string | undefined> {
    const known = roomOfName(name, mine) ?? roomOfName(name, this.found());
    return known?.slug ?? findSlug(this.#store.act, slugOf(name));
  }
}
