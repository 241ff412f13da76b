import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { limits, type Conversation } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { addressOfTyped } from '../find/room-name';
import { AddressField } from '../form/address-field';
import { CountedField } from '../form/counted-field';
import { lineProblem } from '../form/room-options';
import { injectRoomTask } from '../room-task';

/** Form for a room's title, topic and address. */
@Component({
  selector: 'ch-room-details-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [AddressField, Button, CountedField],
  template: `
    <form (submit)="$event.preventDefault(); save()">
      <ch-counted-field
        #titleField
        [label]="t('rooms.name')"
        [maxLength]="limits.titleGraphemes"
        [error]="titleError()"
        [(value)]="title"
      />
      <ch-counted-field
        #topicField
        [label]="t('rooms.topic')"
        [placeholder]="t('rooms.topicExample')"
        [maxLength]="limits.topicGraphemes"
        [error]="topicError()"
        [(value)]="topic"
      />
      @if (canMove()) {
        <ch-address-field [value]="address()" [taken]="taken()" (edited)="address.set($event)" />
        @if (isMoved()) {
          <p class="hint" role="status">{{ t('rooms.address.moved') }}</p>
        }
      }
      <p class="problem" role="alert">{{ task.problem() }}</p>
      <p class="saved" role="status">{{ isSaved() && !isChanged() ? t('rooms.settings.saved') : '' }}</p>
      @if (isChanged()) {
        <button chButton type="submit" [disabled]="task.isBusy()">{{ t('people.save') }}</button>
      }
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 14px;
    }
    button {
      justify-self: end;
    }
    .hint {
      padding: 0 16px;
      color: var(--muted);
      font-size: 0.87em;
    }
    .problem {
      color: var(--danger);
      font-weight: 700;
    }
    .saved {
      padding: 0 16px;
      font-weight: 700;
    }
    .problem:empty,
    .saved:empty {
      display: none;
    }
  `,
})
export class RoomDetailsForm {
  readonly conversation = input.required<Conversation>();
  /** True if the address may change. */
  readonly canMove = input.required<boolean>();
  protected readonly t = injectTranslate();
  protected readonly task = injectRoomTask();
  protected readonly limits = limits;
  // Typed text stays until the title or topic changes: the conversation changes with every message.
  readonly #titleBefore = computed(() => this.conversation().title ?? '');
  readonly #topicBefore = computed(() => this.conversation().topic ?? '');
  readonly #addressBefore = computed(() => this.conversation().slug ?? '');
  protected readonly title = linkedSignal(this.#titleBefore);
  protected readonly topic = linkedSignal(this.#topicBefore);
  protected readonly address = linkedSignal(this.#addressBefore);
  protected readonly taken = signal<string | undefined>(undefined);
  protected readonly isSaved = signal(false);
  protected readonly isMoved = computed(() => addressOfTyped(this.address()) !== this.#addressBefore());
  readonly #change = computed(() => {
    const [name, topic] = [this.title().trim(), this.topic().trim()];
    return {
      ...(name !== this.#titleBefore() && { name }),
      ...(topic !== this.#topicBefore() && { topic: topic === '' ? null : topic }),
      ...(this.isMoved() && { slug: addressOfTyped(this.address()) }),
    };
  });
  protected readonly isChanged = computed(() => Object.keys(this.#change()).length > 0);
  protected readonly titleError = computed(() => {
    const problem = lineProblem(this.title(), limits.titleGraphemes);
    return problem && this.t(`rooms.nameProblem.${problem}`, { count: limits.titleGraphemes });
  });
  protected readonly topicError = computed(() =>
    lineProblem(this.topic(), limits.topicGraphemes) === 'long'
      ? this.t('rooms.topicLong', { count: limits.topicGraphemes })
      : undefined,
  );
  readonly #store = inject(ClientStore);
  private readonly titleField = viewChild.required<CountedField>('titleField');
  private readonly topicField = viewChild.required<CountedField>('topicField');
  private readonly addressField = viewChild(AddressField);

  protected async save(): Promise<void> {
    if (!this.isChanged()) return;
    if (this.titleError()) return this.titleField().focus();
    if (this.topicError()) return this.topicField().focus();
    if (this.addressField()?.check() === false) return;
    const [params, body] = [{ slug: this.conversation().id }, this.#change()];
    this.taken.set(undefined);
    this.isSaved.set(false);
    const isDone = await this.task.run(async () => {
      try {
        await this.#store.act.call('rooms.change', { params, body });
      } catch (error) {
        if (errorBodyOf(error).code !== 'slug_taken' || body.slug === undefined) throw error;
        this.taken.set(body.slug);
        this.addressField()?.focus();
      }
    });
    this.isSaved.set(isDone && this.taken() === undefined);
  }
}
