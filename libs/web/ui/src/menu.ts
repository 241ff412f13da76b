import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { IconName } from './icon';
import { MenuPanel } from './menu-panel';

/** Point where a menu opens, in pixels of the window. */
export interface MenuPoint {
  x: number;
  y: number;
}

export interface MenuItem<T extends string = string> {
  value: T;
  label: string;
  icon: IconName;
  /** Marks a command that is hard to undo. */
  isDanger?: boolean;
}

/** Menu: open while it has a point; a bottom sheet on phones. Its code is loaded on first use. */
@Component({
  selector: 'ch-menu',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [MenuPanel],
  template: `
    @defer (when at() !== undefined; prefetch on idle) {
      @if (at(); as at) {
        <ch-menu-panel
          [at]="at"
          [label]="label()"
          [items]="items()"
          (chosen)="chosen.emit($event)"
          (closed)="closed.emit()"
        />
      }
    }
  `,
})
export class Menu<T extends string> {
  readonly at = input.required<MenuPoint | undefined>();
  readonly label = input.required<string>();
  readonly items = input.required<readonly MenuItem<T>[]>();
  readonly chosen = output<T>();
  readonly closed = output();
}
