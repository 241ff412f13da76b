import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon, type IconName } from './icon';

/** Floating status line, with room for one action. */
@Component({
  selector: 'ch-banner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @if (icon(); as icon) {
      <ch-icon [name]="icon" />
    } @else {
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    }
    <span class="words"><ng-content /></span>
    <ng-content select="button" />
  `,
  styles: `
    :host {
      --icon: 20px;
      display: flex;
      align-items: center;
      gap: 10px;
      width: fit-content;
      max-width: 100%;
      min-height: 44px;
      padding: 4px 16px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      background: var(--surface);
      box-shadow: var(--shadow);
      font-weight: 700;
      animation: drop var(--calm) var(--ease);
    }
    :host(:has(button)) {
      padding-inline-end: 4px;
    }
    ch-icon {
      color: var(--brand-text);
    }
    .words {
      min-width: 0;
    }
    .dots {
      display: flex;
      gap: 3px;
    }
    i {
      width: 6px;
      height: 6px;
      border-radius: 50%;
      background: var(--brand);
      animation: breathe 1.2s ease-in-out infinite;
    }
    i:nth-child(2) {
      animation-delay: 0.15s;
    }
    i:nth-child(3) {
      animation-delay: 0.3s;
    }
    @keyframes breathe {
      50% {
        opacity: 0.3;
        transform: translateY(-2px);
      }
    }
    @keyframes drop {
      from {
        opacity: 0;
        transform: translateY(-8px);
      }
    }
  `,
})
export class Banner {
  readonly icon = input<IconName>();
}
