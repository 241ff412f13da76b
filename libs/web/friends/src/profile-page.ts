import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { People, PersonActions, PersonHead, Trouble, troubleOf } from '@cloudhop/web/conversation';
import { ClientStore, PageTitle, errorBodyOf } from '@cloudhop/web/state';
import { Button, Moment, injectTranslate } from '@cloudhop/web/ui';
import { ShareLink } from './share-link';

/** Somebody's profile at an address of its own, to be shared. */
@Component({
  selector: 'ch-profile-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Moment, PersonActions, PersonHead, RouterLink, ShareLink, Trouble],
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

  /** Waits until this device is somebody, and asks anew when the two come to stand to each other in another way. */
  protected readonly profile = resource({
    params: () => {
      if (this.#store.me() === undefined || this.#store.connection().phase === 'offline') return undefined;
      return { username: this.name(), relation: this.#relation() };
    },
    loader: ({ params: { username } }) => this.#store.act.call('users.find', { query: { username } }),
  });
  readonly #relation = computed(() => {
    const found = [...this.#store.users().values()].find(({ username }) => username === this.name());
    return `${this.#store.friends().get(found?.id ?? '')?.state} ${this.#store.blocks().get(found?.id ?? '')}`;
  });
  protected readonly found = computed(() => {
    if (!this.profile.hasValue()) return undefined;
    const profile = this.profile.value();
    const known = this.#store.users().get(profile.user.id);
    return { profile, user: known && known.profileRev > profile.user.profileRev ? known : profile.user };
  });
  protected readonly problem = computed(() => {
    const error = this.profile.error();
    return error ? errorBodyOf(error.cause ?? error).code : undefined;
  });
  protected readonly trouble = computed(() => troubleOf(this.#store.connection(), this.found() !== undefined));

  constructor() {
    effect(() => {
      const user = this.found()?.user;
      this.#title.showPlace(user ? this.#people.named(user).name : `@${this.name()}`);
    });
  }
}
