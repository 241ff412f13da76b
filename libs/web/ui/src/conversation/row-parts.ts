import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import type { Person } from './rows';

/** Pill with the name of a day. */
@Component({
  selector: 'ch-day-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      type="button"
      aria-haspopup="dialog"
      [attr.tabindex]="isReachable() ? 0 : -1"
      [title]="t('day.jump')"
      (click)="asked.emit($event)"
    >
      {{ label() }}
      <span class="visually-hidden">{{ t('day.jump') }}</span>
    </button>
  `,
  styles: `
    :host {
      display: flex;
      justify-content: center;
      padding: 18px 0 6px;
    }
    button {
      position: relative;
      padding: 2px 14px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      background: var(--surface);
      color: var(--muted);
      font-size: 0.82em;
      font-weight: 800;
    }
    /* Touch target larger than the pill. */
    button::after {
      position: absolute;
      inset: -8px -4px;
      content: '';
    }
    button:hover {
      border-color: var(--brand);
      color: var(--text);
    }
  `,
})
export class DayLine {
  readonly label = input.required<string>();
  /** True if Tab stops here. */
  readonly isReachable = input(false);
  /** Emits when the day is pressed, to pick another one. */
  readonly asked = output<Event>();
  protected readonly t = injectTranslate();
}

/**
 * Space above a group, with its author's name. It is a row of its own: the size of a message must not change when
 * older messages are drawn above it and it is no longer the first of its group.
 */
@Component({
  selector: 'ch-group-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `
    @if (author(); as author) {
      <bdi [attr.data-author]="author.id">{{ author.name }}</bdi>
      @if (author.tag) {
        <span>#{{ author.tag }}</span>
      } @else if (author.handle; as handle) {
        <span>{{ handle }}</span>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: baseline;
      gap: 6px;
      padding: 11px 0 0 54px;
      font-size: 0.87em;
    }
    bdi {
      overflow: hidden;
      min-width: 0;
      font-weight: 800;
      text-overflow: ellipsis;
      white-space: nowrap;
      cursor: pointer;
    }
    bdi:hover {
      text-decoration: underline;
    }
    span {
      color: var(--muted);
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class GroupLine {
  /** Absent above one's own messages. */
  readonly author = input<Person>();
}

/** Line above the first new message. */
@Component({
  selector: 'ch-new-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'separator', '[attr.aria-label]': "t('timeline.new')" },
  template: `<span aria-hidden="true">{{ t('timeline.new') }}</span>`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 12px;
      padding: 16px 0 4px;
      color: var(--brand-text);
      font-size: 0.85em;
      font-weight: 800;
    }
    :host::before,
    :host::after {
      flex: 1;
      border-top: 1px solid var(--brand);
      opacity: 0.55;
      content: '';
    }
  `,
})
export class NewLine {
  protected readonly t = injectTranslate();
}

/** Placeholder for messages folded away. */
@Component({
  selector: 'ch-fold-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <ch-icon name="fold" />
    <span>{{ t(count() === 1 ? 'timeline.folded.one' : 'timeline.folded.other', { count: count() }) }}</span>
    <button type="button" [attr.aria-expanded]="isOpen()" (click)="toggled.emit()">
      {{ t(isOpen() ? 'timeline.foldAgain' : 'timeline.unfold') }}
    </button>
  `,
  styles: `
    :host {
      --icon: 18px;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 0 8px;
      padding: 4px 12px 0;
      color: var(--muted);
      font-size: 0.87em;
    }
    button {
      min-height: 40px;
      padding: 0 12px;
      border-radius: var(--pill);
      color: var(--brand-text);
      font-weight: 800;
    }
    button:hover {
      background: var(--brand-soft);
    }
  `,
})
export class FoldLine {
  readonly count = input.required<number>();
  readonly isOpen = input.required<boolean>();
  readonly toggled = output();
  protected readonly t = injectTranslate();
}

/** Notice such as "米米 and 4 others joined", small and in the flow. */
@Component({
  selector: 'ch-presence-notice-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span class="paw" aria-hidden="true">{{ change() === 'joined' ? '🐾' : '🍃' }}</span
    ><span>{{ sentence() }}</span>`,
  styles: `
    :host {
      display: flex;
      align-items: baseline;
      justify-content: center;
      gap: 6px;
      padding: 12px 16px 0;
      color: var(--muted);
      font-size: 0.87em;
      text-align: center;
      overflow-wrap: anywhere;
    }
    .paw {
      font-size: 0.9em;
    }
  `,
})
export class PresenceNoticeLine {
  readonly change = input.required<'joined' | 'left'>();
  readonly people = input.required<readonly Person[]>();
  readonly count = input.required<number>();
  protected readonly t = injectTranslate();

  protected readonly sentence = computed(() => {
    const [first] = this.people();
    const others = this.count() - 1;
    // Isolates keep a name in the other text direction from reordering the sentence around it.
    const beside = first?.tag ? `#${first.tag}` : first?.handle;
    const name = first ? `\u2068${first.name}${beside ? ` ${beside}` : ''}\u2069` : '';
    const key = `timeline.${this.change()}`;
    if (!first) return this.t(`${key}.some`, { count: this.count() });
    if (others < 1) return this.t(`${key}.one`, { name });
    return this.t(others === 1 ? `${key}.two` : `${key}.many`, { name, count: others });
  });
}
