import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { AvatarColor } from '@cloudhop/contracts';
import { avatarToneOf, initialOf } from './avatar-tone';

/** Dot at the avatar: full for online, hollow for idle. */
export type AvatarPresence = 'online' | 'idle';

/**
 * Avatar of a user: pastel as chosen or by id, initial by name. Decorative: name and presence always stand beside it
 * as text.
 */
@Component({
  selector: 'ch-avatar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true', '[style.--tone]': 'tone()', '[class.large]': 'isLarge()' },
  template: `{{ initial() }}
    @if (presence(); as presence) {
      <i [class]="presence"></i>
    }`,
  styles: `
    :host {
      position: relative;
      display: grid;
      flex: none;
      place-items: center;
      width: var(--avatar, 38px);
      height: var(--avatar, 38px);
      border-radius: calc(var(--avatar, 38px) * 0.34);
      background: var(--tone);
      font-size: calc(var(--avatar, 38px) * 0.4);
      font-weight: 800;
      line-height: 1;
      user-select: none;
    }
    :host(.large) {
      --avatar: 56px;
    }
    /* A ring in the background colour separates the dot from every pastel. */
    i {
      --dot: max(11px, calc(var(--avatar, 38px) * 0.26));
      position: absolute;
      inset: auto -3px -3px auto;
      width: calc(var(--dot) + 5px);
      height: calc(var(--dot) + 5px);
      border: 2.5px solid var(--avatar-ground, var(--surface));
      border-radius: 50%;
      background: var(--ok);
    }
    .idle {
      background: var(--avatar-ground, var(--surface));
    }
    .idle::after {
      position: absolute;
      inset: 0;
      border: calc(var(--dot) * 0.28) solid var(--ok);
      border-radius: 50%;
      content: '';
    }
    @media (forced-colors: active) {
      i {
        border-color: Canvas;
        background: CanvasText;
        forced-color-adjust: none;
      }
      .idle {
        background: Canvas;
      }
      .idle::after {
        border-color: CanvasText;
      }
    }
  `,
})
export class Avatar {
  /** The user's id. */
  readonly seed = input.required<string>();
  readonly name = input.required<string>();
  /** The colour that the user chose. */
  readonly color = input<AvatarColor>();
  readonly isLarge = input(false);
  readonly presence = input<AvatarPresence>();
  protected readonly tone = computed(() => `var(--${avatarToneOf(this.seed(), this.color())})`);
  protected readonly initial = computed(() => initialOf(this.name()));
}
