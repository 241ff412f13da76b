import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { countGraphemes, limits, type ErrorBody } from '@cloudhop/contracts';
import { People } from '@cloudhop/web/conversation';
import { ClientStore, errorBodyOf, hasOwnName } from '@cloudhop/web/state';
import { Avatar, Button, Field, Mascot, injectTranslate } from '@cloudhop/web/ui';

/** Who one is here, and a name chosen in place. */
@Component({
  selector: 'ch-name-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, Field, Mascot],
  templateUrl: './name-card.html',
  styleUrl: './name-card.css',
})
export class NameCard {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  protected readonly t = injectTranslate();
  protected readonly limits = limits;
  protected readonly isOpen = signal(false);
  protected readonly isSaving = signal(false);
  protected readonly name = signal('');
  protected readonly error = signal<string | undefined>(undefined);
  protected readonly saved = signal('');
  private readonly field = viewChild(Field);
  private readonly opener = viewChild<unknown, ElementRef<HTMLButtonElement>>('opener', { read: ElementRef });

  protected readonly me = computed(() => {
    const user = this.#store.me();
    return user && { ...this.#people.named(user), isNamed: hasOwnName(user) };
  });

  protected open(): void {
    const me = this.me();
    this.name.set(me?.isNamed ? me.name : '');
    this.error.set(undefined);
    this.saved.set('');
    this.isOpen.set(true);
    requestAnimationFrame(() => this.field()?.focus());
  }

  protected close(): void {
    this.isOpen.set(false);
    requestAnimationFrame(() => this.opener()?.nativeElement.focus());
  }

  protected async save(): Promise<void> {
    const name = this.name().trim();
    const problem = this.#problemOf(name);
    this.error.set(problem);
    if (problem !== undefined || this.isSaving()) {
      this.field()?.focus();
      return;
    }
    this.isSaving.set(true);
    try {
      const user = await this.#store.act.changeProfile({ displayName: name });
      this.saved.set(this.t('people.saved', { name: user.displayName }));
      this.close();
    } catch (error) {
      this.error.set(this.#wordsOf(errorBodyOf(error)));
      this.field()?.focus();
    } finally {
      this.isSaving.set(false);
    }
  }

  /** What can be said without asking the server. */
  #problemOf(name: string): string | undefined {
    if (name === '') return this.t('people.nameEmpty');
    if (countGraphemes(name) > limits.displayNameGraphemes)
      return this.t('people.nameLong', { count: limits.displayNameGraphemes });
    return undefined;
  }

  #wordsOf({ code }: ErrorBody): string {
    if (code === 'too_long') return this.t('people.nameLong', { count: limits.displayNameGraphemes });
    if (code === 'invalid_text' || code === 'invalid') return this.t('people.nameText');
    return this.t(`errors.${code}`);
  }
}
