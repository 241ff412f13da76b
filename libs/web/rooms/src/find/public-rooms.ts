import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { ErrorBody, Room } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';

/** Pages of public rooms, the most active first. Provide it where they are shown. */
@Injectable()
export class PublicRooms {
  readonly #store = inject(ClientStore);
  readonly #items = signal<readonly Room[] | undefined>(undefined);
  readonly #cursor = signal<string | undefined>(undefined);
  readonly #isLoading = signal(false);
  readonly #error = signal<ErrorBody | undefined>(undefined);
  #run = 0;

  /** Undefined until the first page is loaded. */
  readonly items = this.#items.asReadonly();
  readonly hasMore = computed(() => this.#cursor() !== undefined);
  readonly isLoading = this.#isLoading.asReadonly();
  readonly error = this.#error.asReadonly();

  constructor() {
    const isLive = computed(() => this.#store.connection().phase === 'live');
    // Read again with every connection, because rooms may have changed meanwhile.
    effect(() => {
      if (isLive()) untracked(() => void this.refresh());
    });
  }

  refresh(): Promise<void> {
    return this.#read(undefined);
  }

  async loadMore(): Promise<void> {
    const cursor = this.#cursor();
    if (cursor !== undefined && !this.#isLoading()) await this.#read(cursor);
  }

  async #read(cursor: string | undefined): Promise<void> {
    const run = ++this.#run;
    this.#isLoading.set(true);
    try {
      const page = await this.#store.act.call('rooms.list', { query: cursor === undefined ? {} : { cursor } });
      if (run !== this.#run) return;
      const known = cursor === undefined ? [] : (this.#items() ?? []);
      // A room may have moved up between two pages: each is shown once.
      this.#items.set([...new Map([...known, ...page.items].map((room) => [room.id, room])).values()]);
      this.#cursor.set(page.nextCursor);
      this.#error.set(undefined);
    } catch (error) {
      if (run === this.#run) this.#error.set(errorBodyOf(error));
    } finally {
      if (run === this.#run) this.#isLoading.set(false);
    }
  }
}
