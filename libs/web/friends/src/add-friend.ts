import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import type { ErrorBody } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/people';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field } from '@cloudhop/web/ui/form';

/** Form that sends a friend request to an exact username. */
@Component({
  selector: 'ch-add-friend',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field],
  template: `
    <form (submit)="$event.preventDefault(); submit()">
      <ch-field
        [label]="t('friends.username')"
        [hint]="t('friends.usernameHint')"
        [error]="problem()"
        [(value)]="username"
      />
      <button chButton type="submit" [disabled]="isBusy()">{{ t('person.ask') }}</button>
    </form>
    <p role="status">{{ said() }}</p>
  `,
  styles: `
    form {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: start;
      gap: 8px;
    }
    /* Level with the field, whose label stands above it. */
    button {
      min-height: 44px;
      margin-top: 25px;
    }
    p {
      color: var(--text);
      font-weight: 700;
    }
    p:empty {
      display: none;
    }
    @media (max-width: 419px) {
      form {
        grid-template-columns: 1fr;
      }
      button {
        margin-top: 0;
      }
    }
  `,
})
export class AddFriend {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  protected readonly t = injectTranslate();
  protected readonly username = signal('');
  protected readonly problem = signal<string | undefined>(undefined);
  protected readonly said = signal('');
  protected readonly isBusy = signal(false);
  private readonly field = viewChild.required(Field);

  focus(): void {
    this.field().focus();
  }

  protected async submit(): Promise<void> {
    if (this.isBusy()) return;
    const username = this.username().trim().replace(/^@/, '');
    const own = this.#store.me()?.username;
    this.said.set('');
    this.problem.set(undefined);
    if (username === '') return this.#refuse(this.t('friends.usernameEmpty'));
    if (own !== undefined && keyOf(own) === keyOf(username)) return this.#refuse(this.t('friends.isMe'));
    this.isBusy.set(true);
    try {
      const { friend, user } = await this.#store.act.ask('friend:request', { username });
      const { name } = this.#people.named(user);
      this.said.set(this.t(friend.state === 'friend' ? 'friends.added' : 'friends.asked', { name }));
      this.username.set('');
    } catch (error) {
      this.#refuse(this.#words(errorBodyOf(error)));
    } finally {
      this.isBusy.set(false);
    }
  }

  #refuse(words: string): void {
    this.problem.set(words);
    this.field().focus();
  }

  #words({ code }: ErrorBody): string {
    if (code === 'not_found' || code === 'invalid' || code === 'invalid_text') return this.t('friends.notFound');
    return this.t(code === 'limit_reached' ? 'friends.limit' : `errors.${code}`);
  }
}

/** Returns the comparison key of a username. Copied from the contract, whose module would load every schema. */
function keyOf(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}
