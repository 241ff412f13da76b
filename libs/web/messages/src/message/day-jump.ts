import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { ClientStore, Language, errorBodyOf } from '@cloudhop/web/state';
import { Button, injectTranslate } from '@cloudhop/web/ui';
import { dateInputValue, startOfDay, subtractDays } from './calendar-days';

/** Form that jumps to the first message of a day. */
@Component({
  selector: 'ch-day-jump',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button],
  template: `
    <div class="near">
      @for (near of nearDays(); track near.day) {
        <button type="button" (click)="go(near.day)">{{ near.label }}</button>
      }
      <button type="button" (click)="go('1970-01-02')">{{ t('day.first') }}</button>
    </div>
    <form (submit)="$event.preventDefault(); go(field.value)">
      <label for="ch-day">{{ t('day.choose') }}</label>
      <div class="line">
        <input #field id="ch-day" type="date" required [max]="today" [value]="today" />
        <button chButton type="submit" [disabled]="isBusy()">{{ t('day.go') }}</button>
      </div>
    </form>
    <p role="status">{{ problem() }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 14px;
      padding: 6px 20px 20px;
    }
    .near {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .near button {
      min-height: 40px;
      padding: 0 14px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      font-weight: 700;
    }
    .near button:hover {
      background: var(--brand-soft);
    }
    form {
      display: grid;
      gap: 6px;
    }
    label {
      color: var(--muted);
      font-size: 0.87em;
      font-weight: 800;
    }
    .line {
      display: flex;
      gap: 10px;
    }
    input {
      flex: 1;
      min-width: 0;
      min-height: 44px;
      padding: 0 14px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      background: var(--surface2);
      color: var(--text);
      color-scheme: light dark;
      font-size: max(16px, 1em);
    }
    p:empty {
      display: none;
    }
    p {
      color: var(--danger);
      font-size: 0.87em;
    }
  `,
})
export class DayJump {
  readonly conversationId = input.required<string>();
  readonly closed = output();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #language = inject(Language);
  protected readonly today = dateInputValue(new Date());
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  protected readonly nearDays = computed(() => {
    const { dayLabel } = this.#language.dates();
    return [0, 1, 7, 30].map((ago) => {
      const day = dateInputValue(subtractDays(new Date(), ago));
      return { day, label: dayLabel(startOfDay(day).toISOString()) };
    });
  });

  protected async go(day: string): Promise<void> {
    if (day === '' || this.isBusy()) return;
    this.isBusy.set(true);
    this.problem.set('');
    const id = this.conversationId();
    try {
      const query = { at: startOfDay(day).toISOString() };
      const { seq } = await this.#store.act.call('messages.seek', { params: { id }, query });
      this.closed.emit();
      if (seq !== undefined) this.#store.act.jumpTo(id, seq);
    } catch (error) {
      this.problem.set(this.t(`errors.${errorBodyOf(error).code}`));
    } finally {
      this.isBusy.set(false);
    }
  }
}
