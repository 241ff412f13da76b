import { ChangeDetectionStrategy, Component } from '@angular/core';

/** Badge for the kind of user, outside the name, so that nobody can imitate it in a name. */
@Component({
  selector: 'ch-kind-badge',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<ng-content />`,
  styles: `
    :host {
      flex: none;
      padding: 0 8px;
      border-radius: var(--pill);
      background: var(--lavender);
      font-size: 0.8em;
      font-weight: 800;
      white-space: nowrap;
    }
    @media (forced-colors: active) {
      :host {
        border: 1px solid CanvasText;
      }
    }
  `,
})
export class KindBadge {}
