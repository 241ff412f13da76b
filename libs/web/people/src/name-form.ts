import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  afterNextRender,
  computed,
  inject,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { countGraphemes, limits, type ErrorBody } from '@cloudhop/contracts';
import { ClientStore, Language, errorBodyOf, hasOwnName } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field } from '@cloudhop/web/ui/form';

/** Form for the user's display name. */
@Component({
  selector: 'ch-name-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field],
  template: `
    <form (submit)="$event.preventDefault(); save()" (keydown.escape)="$event.stopPropagation(); cancelled.emit()">
      <ch-field [label]="t('people.name')" [hint]="hint()" [error]="error()" [(value)]="name" autocomplete="nickname" />
      <div>
        <button chButton look="soft" type="button" (click)="cancelled.emit()">{{ t('people.cancel') }}</button>
        <button chButton type="submit" [disabled]="isSaving()">{{ t('people.save') }}</button>
      </div>
    </form>
  `,
  styles: `
    :host {
      display: block;
      width: 100%;
      max-width: 26em;
    }
    form {
      display: grid;
      gap: 12px;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
    }
  `,
})
export class NameForm {
  /** Emits the new name after it was stored. */
  readonly saved = output<string>();
  readonly cancelled = output();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  readonly #lifetime = inject(DestroyRef);
  protected readonly isSaving = signal(false);
  protected readonly error = signal<string | undefined>(undefined);
  protected readonly name = signal('');
  private readonly field = viewChild.required(Field);
  protected readonly hint = computed(() => {
    const isGuest = this.#store.me()?.kind === 'guest';
    const count = limits.displayNameGraphemes;
    return isGuest
      ? this.t('people.nameHintGuest', { count, times: limits.guestNames })
      : this.t('people.nameHintMember', { count, times: limits.memberNamesPerDay });
  });

  constructor() {
    const me = this.#store.me();
    if (me && hasOwnName(me)) this.name.set(me.displayName);
    afterNextRender(() => requestAnimationFrame(() => this.field().focus()));
  }

  protected async save(): Promise<void> {
    const name = this.name().trim();
    const problem = this.#problemOf(name);
    this.error.set(problem);
    if (problem !== undefined || this.isSaving()) return this.field().focus();
    this.isSaving.set(true);
    try {
      const user = await this.#store.act.changeProfile({ displayName: name });
      // The change is published before the reply arrives, and may have closed this form.
      if (!this.#lifetime.destroyed) this.saved.emit(user.displayName);
    } catch (error) {
      this.error.set(this.#wordsOf(errorBodyOf(error)));
      this.field().focus();
    } finally {
      this.isSaving.set(false);
    }
  }

  /** Returns a local validation error. */
  #problemOf(name: string): string | undefined {
    if (name === '') return this.t('people.nameEmpty');
    if (countGraphemes(name) > limits.displayNameGraphemes)
      return this.t('people.nameLong', { count: limits.displayNameGraphemes });
    return undefined;
  }

  #wordsOf({ code, retryAfterMs }: ErrorBody): string {
    if (code === 'too_long') return this.t('people.nameLong', { count: limits.displayNameGraphemes });
    if (code === 'invalid_text' || code === 'invalid') return this.t('people.nameText');
    if (code === 'renamed_too_often' && retryAfterMs !== undefined) {
      const when = this.#language.dates().fullTime(new Date(Date.now() + retryAfterMs).toISOString());
      return this.t('people.nameOften', { when });
    }
    return this.t(`errors.${code}`);
  }
}
