import { ChangeDetectionStrategy, Component, computed, inject, input, model, signal } from '@angular/core';
import type { User } from '@cloudhop/contracts';
import { ClientStore, Language, errorBodyOf, type NamedPerson } from '@cloudhop/web/state';
import { Avatar, Icon, injectTranslate } from '@cloudhop/web/ui';
import { People } from '@cloudhop/web/people';
import { AvatarPresences } from '@cloudhop/web/people/presence';
import { filterByName, type Searchable } from './filter-by-name';

/** More lines than this nobody reads: one types a letter more. */
const mostLines = 60;
/** What can be somebody's exact username. */
const usernameLike = /^@?([^\s@/]{3,})$/u;

/** Keys of the dictionary. */
export interface FriendPickerText {
  isThere: string;
  allIn: string;
}

interface Candidate extends Searchable {
  person: NamedPerson;
}

/** Friends to choose from, by name; and anybody else by exact username. */
@Component({
  selector: 'ch-friend-picker',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon],
  templateUrl: './friend-picker.html',
  styleUrl: './friend-picker.css',
})
export class FriendPicker {
  /** Who is chosen, by id, in the order of choosing. */
  readonly chosen = model.required<readonly string[]>();
  /** Who cannot be chosen: they are there already. */
  readonly excluded = input<ReadonlySet<string>>(new Set());
  /** How many may be chosen. */
  readonly most = input.required<number>();
  /** What is said of who is there already, and where all friends are. */
  readonly words = input<FriendPickerText>({ isThere: 'groups.isThere', allIn: 'groups.allIn' });
  protected readonly t = injectTranslate();
  protected readonly presences = inject(AvatarPresences);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #language = inject(Language);
  protected readonly typed = signal('');
  protected readonly isFinding = signal(false);
  protected readonly problem = signal('');
  /** People who are no friends and were found by their username. */
  readonly #found = signal<ReadonlyMap<string, User>>(new Map());

  readonly #all = computed(() => {
    const blocks = this.#store.blocks();
    return [...this.#store.friends().values()].filter(
      ({ state, userId }) => state === 'friend' && blocks.get(userId) !== 'blocked',
    );
  });
  readonly #friends = computed(() => this.#all().filter(({ userId }) => !this.excluded().has(userId)));
  readonly #candidates = computed((): readonly Candidate[] =>
    [...new Set([...this.#friends().map(({ userId }) => userId), ...this.#found().keys()])].map((id) =>
      this.#candidateOf(id),
    ),
  );
  /** Why nobody is listed. */
  protected readonly emptiness = computed(() => {
    if (this.#friends().length > 0) return undefined;
    return this.#all().length > 0 ? this.words().allIn : 'groups.noFriends';
  });
  protected readonly shown = computed(() => {
    const { compare } = new Intl.Collator(this.#language.current());
    return filterByName(this.#candidates(), this.typed(), compare).slice(0, mostLines);
  });
  protected readonly chips = computed(() => this.chosen().map((id) => this.#candidateOf(id)));
  protected readonly isFull = computed(() => this.chosen().length >= this.most());
  protected readonly isChosen = computed(() => {
    const chosen = new Set(this.chosen());
    return (id: string) => chosen.has(id);
  });
  /** The username one may have typed, of nobody who is listed. */
  protected readonly username = computed(() => {
    const username = usernameLike.exec(this.typed().trim())?.[1];
    const isListed = this.shown().some((pick) => pick.username?.toLowerCase() === username?.toLowerCase());
    return isListed ? undefined : username;
  });

  protected search(typed: string): void {
    this.typed.set(typed);
    this.problem.set('');
  }

  protected toggle(id: string): void {
    if (this.isChosen()(id)) this.chosen.set(this.chosen().filter((each) => each !== id));
    else if (!this.isFull()) this.chosen.set([...this.chosen(), id]);
  }

  protected async find(username: string): Promise<void> {
    if (this.isFinding() || this.isFull()) return;
    this.isFinding.set(true);
    this.problem.set('');
    try {
      const { user } = await this.#store.act.call('users.find', { query: { username } });
      if (user.id === this.#store.me()?.id) return this.problem.set(this.t('friends.isMe'));
      if (this.excluded().has(user.id)) return this.problem.set(this.t(this.words().isThere));
      this.#found.update((found) => new Map([...found, [user.id, user]]));
      if (!this.isChosen()(user.id)) this.toggle(user.id);
      this.typed.set('');
    } catch (error) {
      const { code } = errorBodyOf(error);
      this.problem.set(this.t(code === 'not_found' ? 'friends.notFound' : `errors.${code}`));
    } finally {
      this.isFinding.set(false);
    }
  }

  #candidateOf(id: string): Candidate {
    const found = this.#found().get(id);
    const known = this.#store.users().get(id) ?? found;
    const person = known ? this.#people.named(known) : this.#people.personOf()(id);
    return { id, name: person.name, person, ...(known?.username !== undefined && { username: known.username }) };
  }
}
