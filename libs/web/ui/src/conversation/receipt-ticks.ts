import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ReceiptView } from './rows';

/** One tick, two, or two in colour. Decorative: its text stands beside it, at least for screen readers. */
@Component({
  selector: 'ch-receipt-ticks',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true', '[class.read]': "state() === 'read'" },
  template: `<svg
    [attr.viewBox]="'0 0 ' + width() + ' 10'"
    [attr.width]="width()"
    height="10"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linecap="round"
    stroke-linejoin="round"
    focusable="false"
  >
    <path d="M1 5.6l2.7 3L9 1.4" />
    @if (state() !== 'sent') {
      <path d="M7.4 8.3l.3.3L13 1.4" />
    }
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
      color: var(--muted);
    }
    :host(.read) {
      color: var(--brand-text);
    }
  `,
})
export class ReceiptTicks {
  readonly state = input.required<ReceiptView['state']>();
  protected readonly width = computed(() => (this.state() === 'sent' ? 10 : 14));
}
