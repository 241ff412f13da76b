import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Small badge with a count. Decorative: the element it stands on says the count as text. */
@Component({
  selector: 'ch-count-badge',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `{{ text() }}`,
  styles: `
    :host {
      display: inline-grid;
      flex: none;
      place-items: center;
      min-width: 20px;
      height: 20px;
      padding: 0 6px;
      border-radius: var(--pill);
      background: var(--brand);
      color: var(--on-brand);
      font-size: 11.5px;
      font-weight: 900;
      font-variant-numeric: tabular-nums;
      line-height: 1;
    }
    @media (forced-colors: active) {
      :host {
        border: 1px solid CanvasText;
      }
    }
  `,
})
export class CountBadge {
  readonly count = input.required<number>();
  protected readonly text = computed(() => (this.count() > 99 ? '99+' : String(this.count())));
}
