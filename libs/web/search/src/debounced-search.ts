import { signal } from '@angular/core';
import type { ErrorBody, SearchHit, SearchPage, User } from '@cloudhop/contracts';

/** What is looked for, and where; without a conversation everywhere. */
export interface SearchQuery {
  q: string;
  conversationId?: string;
}

interface SearchDependencies {
  ask: (ask: SearchQuery, cursor: string | undefined) => Promise<SearchPage>;
  errorOf: (error: unknown) => ErrorBody;
}

/** `idle`: nothing to look for. `found` holds whether or not there is anything. */
export type SearchPhase = 'idle' | 'asking' | 'found' | 'failed';

/** Who types is asked for this long what else they have to say. */
export const debounceMs = 300;

/** Looks while somebody types: after a pause, and only the last answer counts. What was found stays until there is something newer. */
export class DebouncedSearch {
  readonly #ways: SearchDependencies;
  readonly #phase = signal<SearchPhase>('idle');
  readonly #hits = signal<readonly SearchHit[]>([]);
  readonly #users = signal<ReadonlyMap<string, User>>(new Map());
  readonly #cursor = signal<string | undefined>(undefined);
  readonly #isLoadingMore = signal(false);
  readonly #error = signal<ErrorBody | undefined>(undefined);
  readonly phase = this.#phase.asReadonly();
  readonly hits = this.#hits.asReadonly();
  /** Who wrote them. */
  readonly users = this.#users.asReadonly();
  readonly hasMore = () => this.#cursor() !== undefined;
  readonly isLoadingMore = this.#isLoadingMore.asReadonly();
  /** Why it failed, or why there are no more yet. */
  readonly error = this.#error.asReadonly();
  #asked: SearchQuery = { q: '' };
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ways: SearchDependencies) {
    this.#ways = ways;
  }

  /** What the last search was for. */
  get asked(): SearchQuery {
    return this.#asked;
  }

  /** Looks once nothing more is typed for a moment. */
  type(ask: SearchQuery): void {
    if (this.#isAsked(ask)) return;
    this.#change(ask);
    if (ask.q !== '') this.#timer = setTimeout(() => void this.#look(), debounceMs);
  }

  /** Looks at once. */
  look(ask: SearchQuery): void {
    if (this.#isAsked(ask) && this.#phase() !== 'failed' && this.#timer === undefined) return;
    this.#change(ask);
    if (ask.q !== '') void this.#look();
  }

  /** The same again. */
  retry(): void {
    this.#change(this.#asked);
    if (this.#asked.q !== '') void this.#look();
  }

  async more(): Promise<void> {
    const cursor = this.#cursor();
    if (cursor === undefined || this.#isLoadingMore()) return;
    const turn = this.#turn;
    this.#isLoadingMore.set(true);
    this.#error.set(undefined);
    try {
      const page = await this.#ways.ask(this.#asked, cursor);
      if (turn !== this.#turn) return;
      const known = new Set(this.#hits().map(({ message }) => message.id));
      this.#hits.update((hits) => [...hits, ...page.items.filter(({ message }) => !known.has(message.id))]);
      this.#take(page);
    } catch (error) {
      if (turn === this.#turn) this.#error.set(this.#ways.errorOf(error));
    } finally {
      if (turn === this.#turn) this.#isLoadingMore.set(false);
    }
  }

  #isAsked({ q, conversationId }: SearchQuery): boolean {
    return q === this.#asked.q && conversationId === this.#asked.conversationId;
  }

  #change(ask: SearchQuery): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#turn++;
    this.#isLoadingMore.set(false);
    this.#asked = ask;
    if (ask.q !== '') {
      this.#phase.set('asking');
      return;
    }
    this.#phase.set('idle');
    this.#hits.set([]);
    this.#cursor.set(undefined);
    this.#error.set(undefined);
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    const turn = this.#turn;
    try {
      const page = await this.#ways.ask(this.#asked, undefined);
      if (turn !== this.#turn) return;
      this.#hits.set(page.items);
      this.#error.set(undefined);
      this.#take(page);
      this.#phase.set('found');
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#hits.set([]);
      this.#cursor.set(undefined);
      this.#error.set(this.#ways.errorOf(error));
      this.#phase.set('failed');
    }
  }

  #take({ users, nextCursor }: SearchPage): void {
    this.#users.update((known) => new Map([...known, ...users.map((user) => [user.id, user] as const)]));
    this.#cursor.set(nextCursor);
  }
}
