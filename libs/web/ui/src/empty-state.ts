import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Mascot, type MascotPose } from './mascot';

/** Mascot with a title, a text and projected actions, in place of missing content. */
@Component({
  selector: 'ch-empty-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Mascot],
  template: `
    <ch-mascot [pose]="pose()" />
    <h2>{{ title() }}</h2>
    <p>{{ text() }}</p>
    <ng-content />
  `,
  styles: `
    :host {
      --mascot: 132px;
      display: grid;
      place-content: center;
      justify-items: center;
      gap: 10px;
      height: 100%;
      padding: 24px;
      overflow: auto;
      text-align: center;
    }
    h2 {
      font-size: 1.25em;
      font-weight: 900;
      text-wrap: balance;
    }
    p {
      max-width: 32em;
      margin-bottom: 6px;
      color: var(--muted);
      text-wrap: pretty;
    }
  `,
})
export class EmptyState {
  readonly pose = input.required<MascotPose>();
  readonly title = input.required<string>();
  readonly text = input.required<string>();
}
