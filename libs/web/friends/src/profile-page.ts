import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ErrorCode } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { PersonActions, PersonHeader, ShareLink, injectProfile } from '@cloudhop/web/people/person';
import { ClientStore, ErrorState, PageTitle, errorBodyOf, errorStateOf } from '@cloudhop/web/state';
import { Button, EmptyState, injectTranslate } from '@cloudhop/web/ui';

/** Profile at an address of its own, for sharing. */
@Component({
  selector: 'ch-profile-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, ErrorState, PersonActions, PersonHeader, RouterLink, ShareLink],
  templateUrl: './profile-page.html',
  styleUrl: './profile-page.css',
})
export class ProfilePage {
  /** The username in the address. */
  readonly name = input.required<string>();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #title = inject(PageTitle);

  readonly #profile = injectProfile({
    // Waits until this device has a session.
    key: () => (this.#store.me() === undefined ? undefined : this.name()),
    relation: () => {
      const id = this.#knownId() ?? '';
      return `${this.#store.friends().get(id)?.state} ${this.#store.blocks().get(id)}`;
    },
    ask: (username) => {
      const id = this.#knownId();
      // The search never finds blocked users, and this is where one unblocks them.
      return id !== undefined && this.#store.blocks().get(id) === 'blocked'
        ? this.#store.act.call('users.profile', { params: { id } })
        : this.#store.act.call('users.find', { query: { username } });
    },
  });
  readonly #knownId = computed(
    () => [...this.#store.users().values()].find(({ username }) => username === this.name())?.id,
  );
  protected readonly asked = this.#profile.asked;
  protected readonly found = computed(() => {
    const profile = this.#profile.profile();
    if (!profile || this.problem() === 'not_found') return undefined;
    const known = this.#store.users().get(profile.user.id);
    return { profile, user: known && known.profileRev > profile.user.profileRev ? known : profile.user };
  });
  protected readonly problem = computed((): ErrorCode | undefined => {
    const error = this.asked.error();
    return error ? errorBodyOf(error.cause ?? error).code : undefined;
  });
  protected readonly address = computed(() => profileAddress(location.origin, this.found()?.user.username ?? ''));
  protected readonly errorState = computed(() => errorStateOf(this.#store.connection(), this.found() !== undefined));

  constructor() {
    effect(() => {
      const user = this.found()?.user;
      this.#title.showPlace(user ? this.#people.named(user).name : `@${this.name()}`);
    });
  }
}

/** Returns the address of a profile; a name in any script becomes an address that can be copied anywhere. */
function profileAddress(origin: string, username: string): string {
  return `${origin}/u/${encodeURIComponent(username)}`;
}
