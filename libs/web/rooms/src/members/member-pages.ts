import { DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import type { ErrorBody, Member, RouteReply, User } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { withChanges } from './member-groups';

/** Minimum interval between refreshes of the list, however many people join and leave. */
const refreshEveryMs = 2_000;
/** Number of pages refreshed to keep them live; further pages stay as they were read. */
const livePages = 3;

/** Membership states that can be listed. */
export type ListedState = Exclude<Member['state'], 'left'>;
interface Question {
  conversationId: string;
  state: ListedState;
}
interface Answer {
  items: readonly Member[];
  users: readonly User[];
  count: number | undefined;
  cursor: string | undefined;
}
const nothing: Answer = { items: [], users: [], count: undefined, cursor: undefined };
const nobody: ReadonlyMap<string, Member> = new Map();

/** Pages of a room's members, kept live while they are shown. Provide it where they are shown. */
@Injectable()
export class MemberPages {
  readonly #store = inject(ClientStore);
  readonly #question = signal<Question | undefined>(undefined);
  readonly #answer = signal<Answer>(nothing);
  readonly #isLoading = signal(false);
  readonly #error = signal<ErrorBody | undefined>(undefined);
  #pages = 1;
  #run = 0;
  #refreshedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Members whose membership has changed since the room was opened. */
  readonly #changed = computed(() => this.#store.timeline(this.#question()?.conversationId ?? '')?.members ?? nobody);
  readonly items = computed(() =>
    withChanges(this.#answer().items, this.#changed(), this.#question()?.state ?? 'joined'),
  );
  readonly #users = computed(() => new Map(this.#answer().users.map((user) => [user.id, user])));
  /** With current names, which may be newer than the page's. */
  readonly userOf = computed(() => {
    const [known, told] = [this.#store.users(), this.#users()];
    return (id: string): User | undefined => {
      const [one, other] = [known.get(id), told.get(id)];
      return one && other ? (one.profileRev > other.profileRev ? one : other) : (one ?? other);
    };
  });
  /** Number of members, online or not. */
  readonly count = computed(() => this.#answer().count);
  readonly hasMore = computed(() => this.#answer().cursor !== undefined);
  readonly isLoading = this.#isLoading.asReadonly();
  readonly error = this.#error.asReadonly();

  constructor() {
    // Changes when people joined or left, or when the connection is back.
    const occasion = computed(() => {
      const question = this.#question();
      if (!question || this.#store.connection().phase !== 'live') return undefined;
      const presence = this.#store.presence(question.conversationId);
      return [presence?.count, presence?.isAtLeast, presence?.notices.at(-1)?.id].join();
    });
    effect(() => {
      this.#changed();
      if (occasion() !== undefined) untracked(() => this.#schedule());
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  follow(question: Question): void {
    const before = this.#question();
    if (before?.conversationId === question.conversationId && before.state === question.state) return;
    this.#question.set(question);
    this.#run++;
    this.#pages = 1;
    this.#answer.set(nothing);
    this.#error.set(undefined);
    this.#refreshedAt = 0;
    if (this.#store.connection().phase === 'live') this.#schedule();
  }

  async loadMore(): Promise<void> {
    const { items, users, cursor } = this.#answer();
    if (cursor === undefined || this.#isLoading()) return;
    await this.#read(async (question) => {
      const page = await this.#page(question, cursor);
      this.#pages++;
      return {
        items: [...items, ...page.items],
        users: [...users, ...page.users],
        count: page.count,
        cursor: page.nextCursor,
      };
    });
  }

  async refresh(): Promise<void> {
    this.#refreshedAt = Date.now();
    await this.#read(async (question) => {
      let answer = nothing;
      this.#pages = Math.min(this.#pages, livePages);
      for (let page = 0; page < this.#pages; page++) {
        const next = await this.#page(question, answer.cursor);
        answer = {
          items: [...answer.items, ...next.items],
          users: [...answer.users, ...next.users],
          count: next.count,
          cursor: next.nextCursor,
        };
        if (answer.cursor === undefined) break;
      }
      return answer;
    });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#refreshedAt + refreshEveryMs - Date.now());
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  async #read(read: (question: Question) => Promise<Answer>): Promise<void> {
    const question = this.#question();
    if (!question) return;
    const run = ++this.#run;
    this.#isLoading.set(true);
    try {
      const answer = await read(question);
      if (run !== this.#run) return;
      // A member may have moved up between two pages: each is listed once.
      const items = [...new Map(answer.items.map((member) => [member.userId, member])).values()];
      this.#answer.set({ ...answer, items });
      this.#error.set(undefined);
    } catch (error) {
      if (run === this.#run) this.#error.set(errorBodyOf(error));
    } finally {
      if (run === this.#run) this.#isLoading.set(false);
    }
  }

  #page({ conversationId, state }: Question, cursor: string | undefined): Promise<RouteReply<'rooms.members'>> {
    return this.#store.act.call('rooms.members', {
      params: { slug: conversationId },
      query: { state, ...(cursor !== undefined && { cursor }) },
    });
  }
}
