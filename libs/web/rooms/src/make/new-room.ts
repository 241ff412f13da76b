import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { limits, slugOf, type GuestAccess, type Visibility } from '@cloudhop/contracts';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Switch } from '@cloudhop/web/ui/form';
import { Sheet } from '@cloudhop/web/ui/sheet';
import { addressOfTyped } from '../find/room-name';
import { AddressField } from '../form/address-field';
import { CountedField } from '../form/counted-field';
import { OptionCards } from '../form/option-cards';
import { injectRoomOptions, lineProblem } from '../form/room-options';
import { injectRoomTask } from '../room-task';

/** Form for a new room. */
@Component({
  selector: 'ch-new-room',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [AddressField, Button, CountedField, OptionCards, RouterLink, Sheet, Switch],
  templateUrl: './new-room.html',
  styleUrl: '../form.css',
})
export class NewRoom {
  /** Name typed so far. */
  readonly name = input('');
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly task = injectRoomTask();
  protected readonly options = injectRoomOptions();
  protected readonly limits = limits;
  protected readonly title = linkedSignal(() => this.name());
  /** The chosen address; until then it follows the name. */
  readonly #chosenAddress = signal<string | undefined>(undefined);
  protected readonly address = computed(() => this.#chosenAddress() ?? slugOf(this.title()));
  protected readonly taken = signal<string | undefined>(undefined);
  protected readonly visibility = signal<Visibility>('public');
  protected readonly guests = signal<GuestAccess>('write');
  protected readonly isAnnouncement = signal(false);
  protected readonly topic = signal('');
  readonly #isChecked = signal(false);
  protected readonly titleError = computed(() => {
    const problem = this.#isChecked() ? lineProblem(this.title(), limits.titleGraphemes) : undefined;
    return problem && this.t(`rooms.nameProblem.${problem}`, { count: limits.titleGraphemes });
  });
  protected readonly topicError = computed(() =>
    lineProblem(this.topic(), limits.topicGraphemes) === 'long'
      ? this.t('rooms.topicLong', { count: limits.topicGraphemes })
      : undefined,
  );
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #lifetime = inject(DestroyRef);
  private readonly titleField = viewChild.required<CountedField>('titleField');
  private readonly topicField = viewChild.required<CountedField>('topicField');
  private readonly addressField = viewChild.required(AddressField);

  protected chooseAddress(address: string): void {
    this.#chosenAddress.set(address);
  }

  protected async make(): Promise<void> {
    this.#isChecked.set(true);
    if (this.titleError()) return this.titleField().focus();
    if (!this.addressField().check()) return;
    if (this.topicError()) return this.topicField().focus();
    const [name, slug, topic] = [this.title().trim(), addressOfTyped(this.address()), this.topic().trim()];
    await this.task.run(async () => {
      try {
        const room = await this.#store.act.createRoom({
          name,
          visibility: this.visibility(),
          guests: this.guests(),
          isAnnouncement: this.isAnnouncement(),
          ...(slug !== '' && { slug }),
          ...(topic !== '' && { topic }),
        });
        if (!this.#lifetime.destroyed) this.closed.emit();
        await this.#router.navigate(['/r', room.slug]);
      } catch (error) {
        if (errorBodyOf(error).code !== 'slug_taken') throw error;
        this.taken.set(slug);
        this.addressField().focus();
      }
    });
  }
}
