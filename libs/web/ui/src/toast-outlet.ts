import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Snackbar } from './snackbar';
import { Toasts } from './toasts';

/** Live region at the bottom of the page that shows the current toast. */
@Component({
  selector: 'ch-toast-outlet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Snackbar],
  host: { role: 'status' },
  template: `
    @if (toasts.current(); as toast) {
      <ch-snackbar
        [text]="toast.text"
        [action]="toast.action"
        (acted)="toasts.act()"
        (pointerenter)="toasts.hold()"
        (pointerleave)="toasts.resume()"
        (focusin)="toasts.hold()"
        (focusout)="toasts.resume()"
      />
    }
  `,
  styles: `
    :host {
      position: fixed;
      z-index: 10;
      inset: auto 16px calc(92px + var(--safe-bottom));
      display: flex;
      justify-content: center;
      pointer-events: none;
    }
    @media (max-width: 719px) {
      :host {
        bottom: calc(138px + var(--safe-bottom));
      }
    }
    :host-context(.keyboard-open) {
      bottom: 76px;
    }
  `,
})
export class ToastOutlet {
  protected readonly toasts = inject(Toasts);
}
