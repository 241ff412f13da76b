import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, viewChild } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { Friend } from '@cloudhop/contracts';
import type { AskName } from '@cloudhop/sdk';
import { People } from '@cloudhop/web/people';
import { AvatarPresences, onlineFirst } from '@cloudhop/web/people/presence';
import {
  ClientStore,
  ErrorState,
  Language,
  PageTitle,
  errorBodyOf,
  errorStateOf,
  nameWithTag,
} from '@cloudhop/web/state';
import { Button, EmptyState, Icon, IconButton, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { AddFriend } from './add-friend';
import { PersonLine } from './person-line';

type LineAsk = Exclude<AskName, 'presence:list' | 'friend:request'>;

/** Screen of friends, pending requests, and muted or blocked users. */
@Component({
  selector: 'ch-friends',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [AddFriend, Button, EmptyState, ErrorState, Icon, IconButton, PersonLine, RouterLink],
  templateUrl: './friends.html',
  styleUrl: './friends.css',
})
export class Friends {
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #presences = inject(AvatarPresences);
  readonly #language = inject(Language);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #title = inject(PageTitle);
  private readonly adding = viewChild(AddFriend);
  protected readonly busy = signal<string | undefined>(undefined);
  protected readonly isBlockedOpen = signal(false);
  protected readonly me = this.#store.me;
  protected readonly errorState = computed(() =>
    errorStateOf(this.#store.connection(), this.#store.me() !== undefined),
  );

  readonly #visible = computed(() => {
    const blocks = this.#store.blocks();
    return [...this.#store.friends().values()].filter(({ userId }) => blocks.get(userId) !== 'blocked');
  });
  protected readonly received = computed(() => this.#latest('received'));
  protected readonly sent = computed(() => this.#latest('sent'));
  protected readonly friends = computed(() => {
    const { compare } = new Intl.Collator(this.#language.current());
    const personOf = this.#people.personOf();
    const byName = this.#visible()
      .filter(({ state }) => state === 'friend')
      .map(({ userId }) => ({ userId, name: personOf(userId).name }))
      .sort((a, b) => compare(a.name, b.name));
    return onlineFirst(byName, this.#presences.presenceOf());
  });
  protected readonly isEmpty = computed(() => this.#visible().length === 0);
  protected readonly unheard = computed(() =>
    [...this.#store.blocks()].map(([userId, level]) => ({ userId, isBlocked: level === 'blocked' })),
  );

  constructor() {
    effect(() => this.#title.showPlace(this.t('friends.title')));
  }

  protected nameOf(userId: string): string {
    return nameWithTag(this.#people.personOf()(userId));
  }

  protected startAdding(): void {
    this.adding()?.focus();
  }

  protected ask(name: LineAsk, userId: string): Promise<void> {
    return this.#run(userId, async () => void (await this.#store.act.ask(name, { userId })));
  }

  protected message(userId: string): Promise<void> {
    return this.#run(userId, async () => {
      await this.#router.navigate(['/chats', await this.#store.act.openDirect(userId)]);
    });
  }

  async #run(userId: string, work: () => Promise<void>): Promise<void> {
    if (this.busy() !== undefined) return;
    this.busy.set(userId);
    try {
      await work();
    } catch (error) {
      this.#toasts.show({ text: this.t(`errors.${errorBodyOf(error).code}`) });
    } finally {
      this.busy.set(undefined);
    }
  }

  #latest(wanted: Friend['state']): Friend[] {
    return this.#visible()
      .filter(({ state }) => state === wanted)
      .sort((a, b) => (a.at < b.at ? 1 : -1));
  }
}
