import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { MenuPoint } from '../menu';
import { MessageMenuPanel } from './message-menu-panel';

/** Commands of a message's menu. */
export type MessageCommand =
  | 'reply'
  | 'pick'
  | 'edit'
  | 'copy'
  | 'forward'
  | 'pin'
  | 'unpin'
  | 'link'
  | 'reactions'
  | 'edits'
  | 'person'
  | 'delete';

/** Menu of a message: open while it has a point. Its code is loaded when the browser is idle. */
@Component({
  selector: 'ch-message-menu',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [MessageMenuPanel],
  template: `
    @defer (when at() !== undefined; prefetch on idle) {
      @if (at(); as at) {
        <ch-message-menu-panel
          [at]="at"
          [commands]="commands()"
          [active]="active()"
          [canReact]="canReact()"
          (chosen)="chosen.emit($event)"
          (reacted)="reacted.emit($event)"
          (closed)="closed.emit()"
        />
      }
    }
  `,
})
export class MessageMenu {
  readonly at = input.required<MenuPoint | undefined>();
  readonly commands = input.required<readonly MessageCommand[]>();
  /** Emoji with which the user has reacted. */
  readonly active = input<readonly string[]>([]);
  readonly canReact = input(true);
  readonly chosen = output<MessageCommand>();
  readonly reacted = output<string>();
  readonly closed = output();
}
