import { ChangeDetectionStrategy, Component, computed, input, model, output, viewChild } from '@angular/core';
import { limits, slugOf } from '@cloudhop/contracts';
import { addressOfTyped, addressProblem, nextAddress } from '../find/room-name';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Field } from '@cloudhop/web/ui/form';

/** Field for the last part of a room's address. */
@Component({
  selector: 'ch-address-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Field],
  template: `
    <ch-field
      autocomplete="url"
      [label]="t('rooms.address.label')"
      [hint]="hint()"
      [error]="error()"
      [value]="value()"
      (valueChange)="edited.emit($event)"
    />
    @if (offer(); as offer) {
      <button chButton look="soft" type="button" (click)="edited.emit(offer)">
        {{ t('rooms.address.use', { address: offer }) }}
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      justify-items: start;
      gap: 8px;
    }
    ch-field {
      width: 100%;
    }
    button {
      max-width: 100%;
      overflow-wrap: anywhere;
    }
  `,
})
export class AddressField {
  readonly value = input.required<string>();
  /** An address that the server refused as taken. */
  readonly taken = input<string>();
  /** True if the room may have no address; it gets a generated one. */
  readonly mayBeEmpty = input(false);
  readonly isChecked = model(false);
  readonly edited = output<string>();
  protected readonly t = injectTranslate();
  private readonly field = viewChild.required(Field);
  readonly #isTaken = computed(() => this.taken() !== undefined && this.taken() === addressOfTyped(this.value()));
  readonly #problem = computed(() => {
    const problem = addressProblem(this.value());
    return problem === 'empty' && this.mayBeEmpty() ? undefined : problem;
  });
  /** Alternative to a refused address. */
  protected readonly offer = computed(() => {
    if (this.#isTaken()) return nextAddress(addressOfTyped(this.value()));
    return this.#problem() === 'text' ? slugOf(this.value()) || undefined : undefined;
  });
  protected readonly error = computed(() => {
    if (this.#isTaken()) return this.t('errors.slug_taken');
    const problem = this.#problem();
    // Errors inside the address show at once; that it is empty only on submit.
    if (!problem || (problem === 'empty' && !this.isChecked())) return undefined;
    return this.t(`rooms.address.problem.${problem}`, { count: limits.slugCharacters });
  });
  protected readonly hint = computed(() => {
    const address = addressOfTyped(this.value());
    return address === '' ? this.t('rooms.address.empty') : `${location.host}/r/${address}`;
  });

  /** Returns whether the address is valid; if not, shows the error and focuses the field. */
  check(): boolean {
    this.isChecked.set(true);
    const isFine = this.#problem() === undefined && !this.#isTaken();
    if (!isFine) this.focus();
    return isFine;
  }

  focus(): void {
    this.field().focus();
  }
}
