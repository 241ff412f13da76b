import { ChangeDetectionStrategy, Component, computed, inject, input, model, signal } from '@angular/core';
import type { User } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { AvatarPresences } from '@cloudhop/web/people/presence';
import { ClientStore, Language, errorBodyOf, type NamedPerson } from '@cloudhop/web/state';
import { Avatar, Icon, injectTranslate } from '@cloudhop/web/ui';
import { filterByName, type Searchable } from './filter-by-name';

/** Maximum number of listed people; typing narrows the list. */
const maxItems = 60;
/** Input that may be an exact username. */
const usernameLike = /^@?([^\s@/]{3,})$/u;

/** Translation keys. */
export interface FriendPickerText {
  isThere: string;
  allIn: string;
}

interface Candidate extends Searchable {
  person: NamedPerson;
}

/** Picker for friends by name, and for anybody by exact username. */
@Component({
  selector: 'ch-friend-picker',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Icon],
  templateUrl: './friend-picker.html',
  styleUrl: './friend-picker.css',
})
export class FriendPicker {
  /** Ids of the chosen people, in the order of choosing. */
  readonly chosen = model.required<readonly string[]>();
  /** Ids of people who can't be chosen because they are members already. */
  readonly excluded = input<ReadonlySet<string>>(new Set());
  /** Maximum number of chosen people. */
  readonly max = input.required<number>();
  /** Texts for people who are members already, and for an empty list. */
  readonly words = input<FriendPickerText>({ isThere: 'groups.isThere', allIn: 'groups.allIn' });
  protected readonly t = injectTranslate();
  protected readonly presences = inject(AvatarPresences);
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #language = inject(Language);
  protected readonly typed = signal('');
  protected readonly isFinding = signal(false);
  protected readonly problem = signal('');
  /** People found by username who are not friends. */
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
  /** Reason why the list is empty, as a translation key. */
  protected readonly emptiness = computed(() => {
    if (this.#friends().length > 0) return undefined;
    return this.#all().length > 0 ? this.words().allIn : 'groups.noFriends';
  });
  protected readonly shown = computed(() => {
    const { compare } = new Intl.Collator(this.#language.current());
    return filterByName(this.#candidates(), this.typed(), compare).slice(0, maxItems);
  });
  protected readonly chips = computed(() => this.chosen().map((id) => this.#candidateOf(id)));
  protected readonly isFull = computed(() => this.chosen().length >= this.max());
  protected readonly isChosen = computed(() => {
    const chosen = new Set(this.chosen());
    return (id: string) => chosen.has(id);
  });
  /** Typed username, unless it is listed. */
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
