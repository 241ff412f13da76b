import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { countGraphemes, limits, type ErrorBody, type User } from '@cloudhop/contracts';
import type { AskName } from '@cloudhop/sdk';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, Icon, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { Field } from '@cloudhop/web/ui/form';
import { People } from './people';

type PersonAsk = Exclude<AskName, 'presence:list' | 'friend:request'>;

/** Actions on a person: message, befriend, block. */
@Component({
  selector: 'ch-person-actions',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field, Icon, RouterLink],
  templateUrl: './person-actions.html',
  styleUrl: './person-actions.css',
})
export class PersonActions {
  readonly user = input.required<User>();
  /** True if the server would accept a message; undefined until it was asked. */
  readonly mayMessage = input<boolean>();
  /** Inserts the name into the composer. */
  readonly mention = input<(name: string) => void>();
  /** Emits when another screen takes over. */
  readonly left = output();
  protected readonly t = injectTranslate();
  protected readonly limits = limits;
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #lifetime = inject(DestroyRef);
  private readonly noteField = viewChild(Field);

  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  protected readonly isAsking = signal(false);
  protected readonly isMoreOpen = signal(false);
  protected readonly note = signal('');
  protected readonly noteProblem = signal<string | undefined>(undefined);

  readonly #id = computed(() => this.user().id);
  protected readonly name = computed(() => this.#people.named(this.user()).name);
  protected readonly isMe = computed(() => this.#id() === this.#store.me()?.id);
  protected readonly friend = computed(() => this.#store.friends().get(this.#id()));
  protected readonly relation = computed(() => this.friend()?.state ?? 'none');
  protected readonly level = computed(() => this.#store.blocks().get(this.#id()) ?? 'none');
  protected readonly canMessage = computed(() => this.relation() === 'friend' || this.mayMessage() === true);

  protected openAsking(): void {
    this.isAsking.set(true);
    this.problem.set('');
    requestAnimationFrame(() => this.noteField()?.focus());
  }

  protected async askToBeFriends(): Promise<void> {
    const note = this.note().trim();
    const isLong = countGraphemes(note) > limits.noteGraphemes;
    this.noteProblem.set(isLong ? this.t('person.noteLong', { count: limits.noteGraphemes }) : undefined);
    if (isLong) return this.noteField()?.focus();
    await this.#run(async () => {
      await this.#store.act.ask('friend:request', { userId: this.#id(), ...(note !== '' && { note }) });
      this.isAsking.set(false);
      this.note.set('');
    });
  }

  protected ask(name: PersonAsk): Promise<void> {
    return this.#run(async () => void (await this.#store.act.ask(name, { userId: this.#id() })));
  }

  protected async block(): Promise<void> {
    const [userId, name] = [this.#id(), this.name()];
    await this.#run(async () => {
      await this.#store.act.ask('user:block', { userId });
      this.#leave();
      this.#toasts.show({
        text: this.t('person.blockedNow', { name }),
        action: this.t('message.undo'),
        act: () => void this.#unblock(userId),
        durationMs: 8_000,
      });
    });
  }

  protected message(): Promise<void> {
    return this.#run(async () => {
      const conversationId = await this.#store.act.openDirect(this.#id());
      this.#leave();
      await this.#router.navigate(['/chats', conversationId]);
    });
  }

  protected mentionThem(): void {
    this.left.emit();
    this.mention()?.(this.name());
  }

  /** The card may have been closed during the request. */
  #leave(): void {
    if (!this.#lifetime.destroyed) this.left.emit();
  }

  async #unblock(userId: string): Promise<void> {
    try {
      await this.#store.act.ask('user:unblock', { userId });
    } catch (error) {
      this.#toasts.show({ text: this.#words(errorBodyOf(error)) });
    }
  }

  async #run(work: () => Promise<void>): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set('');
    try {
      await work();
    } catch (error) {
      this.problem.set(this.#words(errorBodyOf(error)));
    } finally {
      this.isBusy.set(false);
    }
  }

  #words({ code }: ErrorBody): string {
    return this.t(`errors.${code}`);
  }
}
