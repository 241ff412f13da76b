import { ChangeDetectionStrategy, Component, input } from '@angular/core';

export type MascotPose = 'plain' | 'welcome' | 'waiting' | 'found' | 'empty' | 'offline' | 'error' | 'goodbye';

/** The cloud-rabbit, our own drawing, in a pose that fits the situation. Decorative: text always stands beside it. */
@Component({
  selector: 'ch-mascot',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true', '[attr.data-pose]': 'pose()' },
  templateUrl: './mascot.svg',
  styles: `
    :host {
      display: inline-block;
      width: var(--mascot, 112px);
      height: var(--mascot, 112px);
    }
    svg {
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    .body {
      fill: var(--mascot-fill);
      stroke: var(--mascot-line);
      stroke-width: 4;
      stroke-linejoin: round;
    }
    .inner,
    .blush {
      fill: var(--mascot-blush);
    }
    .dot {
      fill: var(--mascot-face);
    }
    .face {
      fill: none;
      stroke: var(--mascot-face);
      stroke-width: 3;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .extra {
      fill: none;
      stroke: var(--mascot-line);
      stroke-width: 3.4;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .solid {
      fill: var(--mascot-line);
    }
    .leaf {
      fill: none;
      stroke: var(--ok);
      stroke-width: 3.4;
      stroke-linecap: round;
    }
    .drop {
      fill: var(--sky);
      stroke: var(--mascot-face);
      stroke-width: 2;
    }
    /* A few breaths only: an endless animation would keep the processor of an idle page busy. */
    .breathes {
      transform-origin: 60px 104px;
      animation: breathe 3.6s ease-in-out 3;
    }
    .waves {
      transform-origin: 100px 84px;
      animation: wave 1.6s ease-in-out 3;
    }
    @keyframes breathe {
      50% {
        transform: scale(1.02, 0.98);
      }
    }
    @keyframes wave {
      30% {
        transform: rotate(14deg);
      }
      60% {
        transform: rotate(-8deg);
      }
    }
  `,
})
export class Mascot {
  readonly pose = input<MascotPose>('welcome');
}
