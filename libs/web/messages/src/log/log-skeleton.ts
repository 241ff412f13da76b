import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';

/** Placeholder shown while a log loads. */
@Component({
  selector: 'ch-log-skeleton',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status', '[attr.aria-label]': "t('timeline.loading')" },
  template: `
    <div class="bubbles">
      @for (width of widths; track $index) {
        <i [class.mine]="width < 0" [style.width.px]="width < 0 ? -width : width"></i>
      }
    </div>
    @if (hasField()) {
      <div class="field"></div>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      width: 100%;
      max-width: calc(var(--column) + 44px);
      height: 100%;
      margin: 0 auto;
      padding: 0 22px 16px;
    }
    .bubbles {
      display: flex;
      flex: 1;
      flex-direction: column;
      justify-content: flex-end;
      gap: 12px;
      min-height: 0;
      padding-bottom: 16px;
      overflow: hidden;
    }
    i {
      flex: none;
      max-width: 70%;
      height: 42px;
      border-radius: var(--radius-bubble);
      background: var(--surface);
      animation: wait 1.6s ease-in-out infinite;
    }
    .mine {
      align-self: flex-end;
      background: var(--mine);
    }
    .field {
      flex: none;
      height: 56px;
      border: 1px solid var(--line);
      border-radius: 28px;
      background: var(--surface);
    }
    @keyframes wait {
      50% {
        opacity: 0.55;
      }
    }
    @media (max-width: 719px) {
      :host {
        padding: 0 10px 10px;
      }
    }
  `,
})
export class LogSkeleton {
  /** Also draws a placeholder of the composer. */
  readonly hasField = input(true);
  protected readonly t = injectTranslate();
  protected readonly widths = [240, 320, -260, 180, 280, -200, -320, 220];
}
