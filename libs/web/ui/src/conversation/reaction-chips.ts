import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';
import type { Message } from '@cloudhop/contracts';
import { Icon } from '../icon';
import { injectTranslate } from '../translate';
import type { ChipView } from './rows';

/** Returns the names of the users who reacted to a message with an emoji. */
export type ReactorsOf = (message: Message, emoji: string) => Promise<string>;

/** Hover delay in milliseconds: shorter than the browser's title, longer than a pointer passing by. */
const restMs = 200;

/** Reactions below a message: each one a toggle. */
@Component({
  selector: 'ch-reaction-chips',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @for (chip of chips(); track chip.emoji) {
      <button
        type="button"
        [class.on]="chip.isOn"
        [attr.aria-pressed]="chip.isOn"
        [attr.aria-label]="t('message.reaction', { emoji: chip.emoji, count: chip.count })"
        [attr.tabindex]="isReachable() ? 0 : -1"
        [title]="chip.emoji === hint()?.emoji ? hint()?.names : ''"
        (pointerenter)="come($event, chip)"
        (pointerleave)="leave()"
        (click)="leave(); toggled.emit(chip)"
        (contextmenu)="askNames($event)"
      >
        <span aria-hidden="true">{{ chip.emoji }}</span>
        <b aria-hidden="true">{{ chip.count }}</b>
      </button>
    }
    <button
      type="button"
      class="add"
      [attr.aria-label]="t('message.addReaction')"
      [attr.tabindex]="isReachable() ? 0 : -1"
      (click)="added.emit($event)"
    >
      <ch-icon name="addReaction" />
    </button>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding-top: 5px;
    }
    button {
      position: relative;
      display: inline-flex;
      align-items: center;
      gap: 5px;
      height: 30px;
      padding: 0 10px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      background: var(--surface);
      font-size: 0.93em;
      line-height: 1;
      animation: pop var(--calm) var(--ease);
    }
    /* Touch target larger than the chip. */
    button::after {
      position: absolute;
      inset: -6px -3px;
      content: '';
    }
    button:hover {
      background: var(--surface2);
    }
    b {
      font-size: 0.92em;
      font-weight: 800;
      font-variant-numeric: tabular-nums;
    }
    .on {
      border-color: var(--brand);
      background: var(--brand-soft);
    }
    .add {
      --icon: 18px;
      padding: 0 8px;
      color: var(--muted);
    }
    @media (forced-colors: active) {
      .on {
        outline: 2px solid Highlight;
      }
    }
    @keyframes pop {
      from {
        transform: scale(0.8);
      }
    }
  `,
})
export class ReactionChips {
  readonly chips = input.required<readonly ChipView[]>();
  readonly isReachable = input(false);
  /** Returns the names of the users who reacted, for a pointer that rests on a chip. */
  readonly reactorsOf = input<(emoji: string) => Promise<string>>();
  readonly toggled = output<ChipView>();
  readonly added = output<Event>();
  /** Emits on a long press or the second button, to show who reacted. */
  readonly namesAsked = output<Event>();
  protected readonly t = injectTranslate();

  /** Names for the emoji under the resting pointer. */
  protected readonly hint = signal<{ emoji: string; names: string } | undefined>(undefined);
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** Starts the hover delay. Fingers use a long press instead. */
  protected come({ pointerType }: PointerEvent, { emoji }: ChipView): void {
    if (pointerType !== 'mouse') return;
    const resting = setTimeout(async () => {
      const names = await this.reactorsOf()?.(emoji).catch(() => undefined);
      if (names && resting === this.#resting) this.hint.set({ emoji, names });
    }, restMs);
    this.#resting = resting;
  }

  protected leave(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    this.hint.set(undefined);
  }

  protected askNames(event: Event): void {
    event.preventDefault();
    event.stopPropagation();
    this.namesAsked.emit(event);
  }
}
