import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { AvatarColor } from '@cloudhop/contracts';
import { avatarToneOf, initialOf } from './avatar-tone';

/** A person's tile: pastel as chosen or by id, initial by name. Decorative, the name always stands beside it. */
@Component({
  selector: 'ch-avatar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true', '[style.--tone]': 'tone()', '[class.large]': 'isLarge()' },
  template: `{{ initial() }}`,
  styles: `
    :host {
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
  `,
})
export class Avatar {
  /** The user's id. */
  readonly seed = input.required<string>();
  readonly name = input.required<string>();
  /** As the person chose it. */
  readonly color = input<AvatarColor>();
  readonly isLarge = input(false);
  protected readonly tone = computed(() => `var(--${avatarToneOf(this.seed(), this.color())})`);
  protected readonly initial = computed(() => initialOf(this.name()));
}
