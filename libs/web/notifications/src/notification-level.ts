import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import type { Conversation, NoticeLevel as Level } from '@cloudhop/contracts';
import { ConversationTitles } from '@cloudhop/web/navigation';
import { ClientStore, Clock, Language, errorBodyOf } from '@cloudhop/web/state';
import { optimisticPatch } from '@cloudhop/web/state/optimistic-patch';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { Choices, type Choice } from '@cloudhop/web/ui/form';
import { activeMuteOf, chosenLevel, muteSpans, muteUntil, type MuteSpan } from './mute';

const levels: readonly Level[] = ['all', 'mentions', 'none'];
type Own = Pick<Conversation, 'notices' | 'quietUntil'>;

/** Form for the notification level and the mute of a conversation, on all of the user's devices. */
@Component({
  selector: 'ch-notification-level',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Choices],
  template: `
    @if (conversation()) {
      <p>
        <bdi>{{ name() }}</bdi>
      </p>
      <ch-choices
        [legend]="t('notices.title')"
        [choices]="choices()"
        [value]="level()"
        (chosen)="change({ notices: $event })"
      />
      <p role="status">{{ words() }}</p>
      @if (level() === 'all') {
        <div #muting class="muting" role="group" [attr.aria-label]="t('notices.muteFor')">
          @if (activeMute()) {
            <button chButton look="soft" type="button" (click)="mute(undefined)">{{ t('notices.unmute') }}</button>
          } @else {
            <h3>{{ t('notices.muteFor') }}</h3>
            @for (span of spans; track span) {
              <button chButton look="soft" type="button" (click)="mute(span)">
                {{ t('notices.spans.' + span) }}
              </button>
            }
          }
        </div>
      }
      <p class="problem" role="alert">{{ problem() }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    bdi {
      color: var(--text);
      font-weight: 800;
      overflow-wrap: anywhere;
    }
    p {
      color: var(--muted);
      font-size: 0.93em;
    }
    h3 {
      width: 100%;
      font-size: 0.95em;
      font-weight: 700;
    }
    .muting {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
    }
    .problem {
      color: var(--danger);
      font-weight: 700;
    }
    .problem:empty {
      display: none;
    }
  `,
})
export class NotificationLevel {
  readonly conversationId = input.required<string>();
  protected readonly t = injectTranslate();
  protected readonly spans = muteSpans;
  protected readonly problem = signal('');
  readonly #store = inject(ClientStore);
  readonly #titles = inject(ConversationTitles);
  readonly #language = inject(Language);
  readonly #clock = inject(Clock);
  readonly #injector = inject(Injector);
  private readonly muting = viewChild<ElementRef<HTMLElement>>('muting');

  protected readonly conversation = computed(
    () => this.#store.conversations().get(this.conversationId())?.conversation,
  );
  protected readonly name = computed(() => {
    const conversation = this.conversation();
    return conversation ? this.#titles.titleOf()(conversation).name : '';
  });
  readonly #patch = optimisticPatch((): Own => {
    const { notices, quietUntil } = this.conversation() ?? {};
    return { ...(notices && { notices }), ...(quietUntil && { quietUntil }) };
  });
  protected readonly level = computed(() =>
    chosenLevel({ kind: this.conversation()?.kind ?? 'group', ...this.#patch.shown() }),
  );
  protected readonly activeMute = computed(() => {
    // Evaluated every minute. Uses the current time, because the minute may be older than a mute that was just set.
    this.#clock.minute();
    return activeMuteOf(this.#patch.shown(), Date.now());
  });
  protected readonly words = computed(() => {
    const activeMute = this.level() === 'all' ? this.activeMute() : undefined;
    if (!activeMute) return this.t(`notices.hints.${this.level()}`);
    const { until } = activeMute;
    const words = until ? this.t('notices.mutedUntil', { when: this.#when(until) }) : this.t('notices.mutedAlways');
    return `${words} ${this.t('notices.mutedHint')}`;
  });
  protected readonly choices = computed((): readonly Choice<Level>[] =>
    levels.map((value) => ({ value, label: this.t(`notices.levels.${value}`) })),
  );

  protected mute(span: MuteSpan | undefined): void {
    void this.change({ quietUntil: span && muteUntil(span, Date.now()) });
    // The pressed button was replaced; the focus moves to its replacement.
    afterNextRender(() => this.muting()?.nativeElement.querySelector('button')?.focus(), { injector: this.#injector });
  }

  protected async change(own: Own): Promise<void> {
    const { notices } = own;
    const body = { ...(notices && { notices }), ...('quietUntil' in own && { quietUntil: own.quietUntil ?? null }) };
    this.problem.set('');
    try {
      await this.#patch.apply(own, () =>
        this.#store.act.call('conversations.mark', { params: { id: this.conversationId() }, body }),
      );
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    }
  }

  #when(iso: string): string {
    const { dayKey, date, time } = this.#language.dates();
    const isToday = dayKey(iso) === dayKey(new Date().toISOString());
    return isToday ? time(iso) : `${date(iso)} ${time(iso)}`;
  }
}
