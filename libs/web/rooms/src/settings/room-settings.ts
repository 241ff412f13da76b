import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, output, signal } from '@angular/core';
import type { Conversation, GuestAccess, RouteBodyInput, Visibility } from '@cloudhop/contracts';
import { ClientStore, Language, errorBodyOf } from '@cloudhop/web/state';
import { optimisticPatch } from '@cloudhop/web/state/optimistic-patch';
import { Button, Icon, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { Choices, Switch, type Choice } from '@cloudhop/web/ui/form';
import { OptionCards } from '../form/option-cards';
import { injectRoomOptions } from '../form/room-options';
import { problemKey } from '../room-task';
import { losesMessages, retentions, slowModes, durationWords } from '../time/durations';
import { RoomDetailsForm } from './room-details-form';

type Change = RouteBodyInput<'rooms.change'>;

/** Settings that take effect at once. */
interface Chosen {
  visibility: Visibility;
  guests: GuestAccess;
  isAnnouncement: boolean;
  slowModeMs: number;
  /** null keeps messages for ever. */
  retentionMs: number | null;
}

/** Settings of a room: moderators change texts and slow mode, the owner everything. */
@Component({
  selector: 'ch-room-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Choices, Icon, OptionCards, RoomDetailsForm, Switch],
  templateUrl: './room-settings.html',
  styleUrl: './room-settings.css',
})
export class RoomSettings {
  readonly conversation = input.required<Conversation>();
  /** Emits when the result is visible behind the sheet. */
  readonly closed = output();
  protected readonly t = injectTranslate();
  protected readonly options = injectRoomOptions();
  protected readonly problem = signal('');
  /** A shorter retention that waits for confirmation. */
  protected readonly asked = signal<number | undefined>(undefined);
  readonly #store = inject(ClientStore);
  readonly #toasts = inject(Toasts);
  readonly #language = inject(Language);
  readonly #lifetime = inject(DestroyRef);
  readonly #patch = optimisticPatch((): Chosen => {
    const { visibility, guests, isAnnouncement, slowModeMs, retentionMs } = this.conversation();
    return {
      visibility: visibility ?? 'public',
      guests: guests ?? 'write',
      isAnnouncement: isAnnouncement ?? false,
      slowModeMs,
      retentionMs: retentionMs ?? null,
    };
  });
  protected readonly shown = this.#patch.shown;
  protected readonly isOwner = computed(() => this.conversation().role === 'owner');
  protected readonly isArchived = computed(() => this.conversation().archivedAt !== undefined);
  protected readonly slowChoices = computed(() =>
    this.#choices(slowModes, this.shown().slowModeMs, (ms) => (ms === 0 ? this.t('rooms.slow.off') : this.#span(ms))),
  );
  protected readonly retentionChoices = computed(() =>
    this.#choices(
      retentions.map((ms) => ms ?? 0),
      this.shown().retentionMs ?? 0,
      (ms) => (ms === 0 ? this.t('rooms.retention.forEver') : this.#span(ms)),
    ),
  );
  protected readonly askedWords = computed(() => {
    const asked = this.asked();
    return asked === undefined ? '' : this.t('rooms.retention.ask', { span: this.#span(asked) });
  });

  protected slow(value: string): void {
    void this.choose({ slowModeMs: Number(value) });
  }

  /** Asks before a shorter retention deletes messages. */
  protected keep(value: string): void {
    const ms = Number(value) === 0 ? undefined : Number(value);
    this.asked.set(undefined);
    if (losesMessages(this.shown().retentionMs ?? undefined, ms)) this.asked.set(ms);
    else void this.choose({ retentionMs: ms ?? null });
  }

  protected agree(): void {
    const asked = this.asked();
    this.asked.set(undefined);
    if (asked !== undefined) void this.choose({ retentionMs: asked });
  }

  protected async choose(chosen: Partial<Chosen>): Promise<void> {
    this.problem.set('');
    try {
      await this.#patch.apply(chosen, () => this.#change(chosen));
    } catch (error) {
      this.problem.set(this.t(problemKey(errorBodyOf(error))));
    }
  }

  protected async archive(isArchived: boolean): Promise<void> {
    this.problem.set('');
    try {
      await this.#change({ isArchived });
      if (!this.#lifetime.destroyed) this.closed.emit();
      this.#toasts.show({
        text: this.t(isArchived ? 'rooms.archive.done' : 'rooms.archive.undone'),
        action: this.t('message.undo'),
        act: () => void this.archive(!isArchived),
      });
    } catch (error) {
      this.problem.set(this.t(problemKey(errorBodyOf(error))));
    }
  }

  #change(body: Change): Promise<Conversation> {
    return this.#store.act.call('rooms.change', { params: { slug: this.conversation().id }, body });
  }

  /** Adds the current value to the choices, if it was set elsewhere to one that is not among them. */
  #choices(all: readonly number[], now: number, wordsOf: (ms: number) => string): readonly Choice<string>[] {
    const shown = all.includes(now) ? all : [...all, now];
    return shown.map((ms) => ({ value: String(ms), label: wordsOf(ms) }));
  }

  #span(ms: number): string {
    return durationWords(ms, this.#language.current());
  }
}
