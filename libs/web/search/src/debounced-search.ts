import { signal } from '@angular/core';
import type { ErrorBody, SearchHit, SearchPage, User } from '@cloudhop/contracts';

/** Query and scope; without a conversation everything is searched. */
export interface SearchQuery {
  q: string;
  conversationId?: string;
}

interface SearchDependencies {
  ask: (query: SearchQuery, cursor: string | undefined) => Promise<SearchPage>;
  errorOf: (error: unknown) => ErrorBody;
}

/** `idle`: empty query. `found`: answered, possibly without results. */
export type SearchPhase = 'idle' | 'asking' | 'found' | 'failed';

/** Pause after the last input before a search is sent, in milliseconds. */
export const debounceMs = 300;

/** Search while typing: debounced, and only the latest response counts. Results stay until newer ones arrive. */
export class DebouncedSearch {
  readonly #dependencies: SearchDependencies;
  readonly #phase = signal<SearchPhase>('idle');
  readonly #hits = signal<readonly SearchHit[]>([]);
  readonly #users = signal<ReadonlyMap<string, User>>(new Map());
  readonly #cursor = signal<string | undefined>(undefined);
  readonly #isLoadingMore = signal(false);
  readonly #error = signal<ErrorBody | undefined>(undefined);
  readonly phase = this.#phase.asReadonly();
  readonly hits = this.#hits.asReadonly();
  /** Authors of the results. */
  readonly users = this.#users.asReadonly();
  readonly hasMore = () => this.#cursor() !== undefined;
  readonly isLoadingMore = this.#isLoadingMore.asReadonly();
  /** Error of the search, or of the last attempt to load more. */
  readonly error = this.#error.asReadonly();
  #query: SearchQuery = { q: '' };
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(dependencies: SearchDependencies) {
    this.#dependencies = dependencies;
  }

  /** Query of the latest search. */
  get query(): SearchQuery {
    return this.#query;
  }

  /** Searches after the debounce interval. */
  schedule(query: SearchQuery): void {
    if (this.#isCurrent(query)) return;
    this.#change(query);
    if (query.q !== '') this.#timer = setTimeout(() => void this.#send(), debounceMs);
  }

  /** Searches at once. */
  search(query: SearchQuery): void {
    if (this.#isCurrent(query) && this.#phase() !== 'failed' && this.#timer === undefined) return;
    this.#change(query);
    if (query.q !== '') void this.#send();
  }

  /** Repeats the latest search. */
  retry(): void {
    this.#change(this.#query);
    if (this.#query.q !== '') void this.#send();
  }

  async loadMore(): Promise<void> {
    const cursor = this.#cursor();
    if (cursor === undefined || this.#isLoadingMore()) return;
    const generation = this.#generation;
    this.#isLoadingMore.set(true);
    this.#error.set(undefined);
    try {
      const page = await this.#dependencies.ask(this.#query, cursor);
      if (generation !== this.#generation) return;
      const known = new Set(this.#hits().map(({ message }) => message.id));
      this.#hits.update((hits) => [...hits, ...page.items.filter(({ message }) => !known.has(message.id))]);
      this.#take(page);
    } catch (error) {
      if (generation === this.#generation) this.#error.set(this.#dependencies.errorOf(error));
    } finally {
      if (generation === this.#generation) this.#isLoadingMore.set(false);
    }
  }

  #isCurrent({ q, conversationId }: SearchQuery): boolean {
    return q === this.#query.q && conversationId === this.#query.conversationId;
  }

  #change(query: SearchQuery): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#generation++;
    this.#isLoadingMore.set(false);
    this.#query = query;
    if (query.q !== '') {
      this.#phase.set('asking');
      return;
    }
    this.#phase.set('idle');
    this.#hits.set([]);
    this.#cursor.set(undefined);
    this.#error.set(undefined);
  }

  async #send(): Promise<void> {
    this.#timer = undefined;
    const generation = this.#generation;
    try {
      const page = await this.#dependencies.ask(this.#query, undefined);
      if (generation !== this.#generation) return;
      this.#hits.set(page.items);
      this.#error.set(undefined);
      this.#take(page);
      this.#phase.set('found');
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#hits.set([]);
      this.#cursor.set(undefined);
      this.#error.set(this.#dependencies.errorOf(error));
      this.#phase.set('failed');
    }
  }

  #take({ users, nextCursor }: SearchPage): void {
    this.#users.update((known) => new Map([...known, ...users.map((user) => [user.id, user] as const)]));
    this.#cursor.set(nextCursor);
  }
}
