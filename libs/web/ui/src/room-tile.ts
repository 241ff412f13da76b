import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { avatarToneOf } from './avatar-tone';
import { Icon } from './icon';

/** Tile of a room: a door or a lock, in a pastel by its id. Decorative: the name always stands beside it. */
@Component({
  selector: 'ch-room-tile',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: { 'aria-hidden': 'true', '[style.--tone]': 'tone()' },
  template: `<ch-icon [name]="isPrivate() ? 'lock' : 'rooms'" />`,
  styles: `
    :host {
      --icon: calc(var(--tile, 46px) * 0.54);
      display: grid;
      flex: none;
      place-items: center;
      width: var(--tile, 46px);
      height: var(--tile, 46px);
      border-radius: calc(var(--tile, 46px) * 0.34);
      background: var(--tone);
      color: var(--text);
    }
  `,
})
export class RoomTile {
  /** The room's id. */
  readonly seed = input.required<string>();
  readonly isPrivate = input(false);
  protected readonly tone = computed(() => `var(--${avatarToneOf(this.seed(), undefined)})`);
}
