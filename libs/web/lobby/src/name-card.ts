import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { People } from '@cloudhop/web/people';
import { NameForm } from '@cloudhop/web/people/person';
import { ClientStore, hasOwnName } from '@cloudhop/web/state';
import { Avatar, Button, Mascot, injectTranslate } from '@cloudhop/web/ui';

/** Card with the user's own name, editable in place. */
@Component({
  selector: 'ch-name-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, Button, Mascot, NameForm],
  templateUrl: './name-card.html',
  styleUrl: './name-card.css',
})
export class NameCard {
  readonly #store = inject(ClientStore);
  readonly #people = inject(People);
  protected readonly t = injectTranslate();
  protected readonly isOpen = signal(false);
  protected readonly saved = signal('');
  private readonly opener = viewChild<unknown, ElementRef<HTMLButtonElement>>('opener', { read: ElementRef });

  protected readonly me = computed(() => {
    const user = this.#store.me();
    return user && { ...this.#people.named(user), isNamed: hasOwnName(user) };
  });

  protected open(): void {
    this.saved.set('');
    this.isOpen.set(true);
  }

  protected done(name: string): void {
    this.saved.set(this.t('people.saved', { name }));
    this.close();
  }

  protected close(): void {
    this.isOpen.set(false);
    requestAnimationFrame(() => this.opener()?.nativeElement.focus());
  }
}
