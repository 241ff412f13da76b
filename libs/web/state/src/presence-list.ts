import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { ErrorBody, RequestReply, User } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from './client-store';

/** Minimum interval between refreshes of the list, however many people come and go. */
const refreshEveryMs = 2_000;
/** Number of pages refreshed to keep them live; further pages stay as they were read. */
const livePages = 3;

/** Pages of the users online in a conversation, kept live while they are shown. Provide it where the list is shown. */
@Injectable()
export class PresenceList {
  readonly #store = inject(ClientStore);
  readonly #items = signal<readonly User[]>([]);
  readonly #cursor = signal<string | undefined>(undefined);
  readonly #isLoading = signal(false);
  readonly #error = signal<ErrorBody | undefined>(undefined);
  readonly #conversationId = signal<string | undefined>(undefined);
  #pages = 1;
  #run = 0;
  #refreshedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** With current names, which may be newer than the page's. */
  readonly items = computed(() => this.#items().map((user) => this.#newer(user)));
  readonly hasMore = computed(() => this.#cursor() !== undefined);
  readonly isLoading = this.#isLoading.asReadonly();
  readonly error = this.#error.asReadonly();

  constructor() {
    // Changes when users came or went, when one was hidden, or when the connection is back.
    const occasion = computed(() => {
      const conversationId = this.#conversationId();
      if (conversationId === undefined || this.#store.connection().phase !== 'live') return undefined;
      const presence = this.#store.presence(conversationId);
      const notice = presence?.notices.at(-1);
      const { count, isAtLeast } = presence ?? {};
      return [conversationId, count, isAtLeast, notice?.id, notice?.count, this.#store.isHidden()].join();
    });
    effect(() => {
      if (occasion() !== undefined) untracked(() => this.#schedule());
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  follow(conversationId: string): void {
    this.#conversationId.set(conversationId);
  }

  async loadMore(): Promise<void> {
    const conversationId = this.#conversationId();
    const cursor = this.#cursor();
    if (conversationId === undefined || cursor === undefined || this.#isLoading()) return;
    await this.#read(async () => {
      const page = await this.#page(conversationId, cursor);
      this.#pages++;
      return { items: [...this.#items(), ...page.items], cursor: page.nextCursor };
    });
  }

  async refresh(): Promise<void> {
    const conversationId = this.#conversationId();
    if (conversationId === undefined) return;
    this.#refreshedAt = Date.now();
    await this.#read(async () => {
      const items: User[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < Math.min(this.#pages, livePages); page++) {
        const next = await this.#page(conversationId, cursor);
        items.push(...next.items);
        cursor = next.nextCursor;
        if (cursor === undefined) break;
      }
      this.#pages = Math.min(this.#pages, livePages);
      return { items, cursor };
    });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#refreshedAt + refreshEveryMs - Date.now());
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  async #read(read: () => Promise<{ items: readonly User[]; cursor: string | undefined }>): Promise<void> {
    const run = ++this.#run;
    this.#isLoading.set(true);
    try {
      const { items, cursor } = await read();
      if (run !== this.#run) return;
      this.#items.set([...new Map(items.map((user) => [user.id, user])).values()]);
      this.#cursor.set(cursor);
      this.#error.set(undefined);
    } catch (error) {
      if (run === this.#run) this.#error.set(errorBodyOf(error));
    } finally {
      if (run === this.#run) this.#isLoading.set(false);
    }
  }

  #page(conversationId: string, cursor: string | undefined): Promise<RequestReply<'presence:list'>> {
    return this.#store.act.ask('presence:list', { conversationId, ...(cursor !== undefined && { cursor }) });
  }

  #newer(user: User): User {
    const known = this.#store.users().get(user.id);
    return known && known.profileRev > user.profileRev ? known : user;
  }
}
