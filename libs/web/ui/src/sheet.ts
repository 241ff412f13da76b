import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  afterRenderEffect,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import { Icon } from './icon';
import { IconButton } from './buttons';
import { injectBackCloses } from './overlay-history';
import { placeNear } from './place-near';

/** Modal: a bottom sheet on phones; on larger screens a card near its anchor, or centred without one. */
@Component({
  selector: 'ch-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, IconButton],
  template: `
    <dialog
      #dialog
      tabindex="-1"
      [attr.aria-label]="label()"
      [class.anchored]="anchor()"
      [class.roomy]="isRoomy()"
      (cancel)="cancelled($event)"
    >
      <div class="inside">
        @if (hasHead()) {
          <header>
            <h2>{{ label() }}</h2>
            <button chIconButton type="button" [attr.aria-label]="closeLabel()" (click)="closed.emit()">
              <ch-icon name="close" />
            </button>
          </header>
        }
        <div class="content"><ng-content /></div>
      </div>
    </dialog>
  `,
  styles: `
    dialog {
      width: min(420px, calc(100vw - 32px));
      max-height: min(640px, calc(100dvh - 32px));
      padding: 0;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      background: var(--surface);
      color: var(--text);
      box-shadow: var(--shadow-high);
      overflow: hidden;
      overscroll-behavior: contain;
    }
    dialog:focus-visible {
      outline: none;
    }
    dialog[open] {
      display: flex;
      animation: rise var(--calm) var(--ease);
    }
    dialog::backdrop {
      background: var(--shade);
    }
    .inside {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
    }
    header {
      display: flex;
      align-items: center;
      justify-content: space-between;
      padding: 10px 12px 0 20px;
    }
    h2 {
      font-size: 1.1em;
      font-weight: 900;
    }
    .content {
      flex: 1;
      min-height: 0;
      overflow: auto;
      overscroll-behavior: contain;
    }
    dialog.roomy {
      width: min(680px, calc(100vw - 32px));
      height: min(760px, calc(100dvh - 32px));
      max-height: none;
    }
    @media (min-width: 720px) {
      dialog.anchored {
        position: fixed;
        inset: var(--top, 16px) auto auto var(--left, 16px);
        width: 360px;
        max-height: min(560px, calc(100dvh - 16px));
        margin: 0;
      }
      dialog.anchored::backdrop {
        background: transparent;
      }
    }
    @media (max-width: 719px) {
      dialog {
        width: 100%;
        max-width: 100%;
        max-height: min(86dvh, 720px);
        margin: auto 0 0;
        padding-bottom: var(--safe-bottom);
        border-width: 1px 0 0;
        border-radius: 26px 26px 0 0;
      }
      /* The whole visible area, also while a keyboard covers the rest. */
      dialog.roomy {
        position: fixed;
        inset: var(--visible-top, 0px) 0 auto;
        width: 100%;
        height: var(--visible-height, 100dvh);
        margin: 0;
        padding-top: var(--safe-top);
        border-width: 0;
        border-radius: 0;
      }
    }
    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(12px);
      }
    }
  `,
})
export class Sheet {
  readonly label = input.required<string>();
  readonly closeLabel = input('');
  readonly hasHead = input(true);
  /** Rectangle beside which the card is placed on larger screens. */
  readonly anchor = input<DOMRect>();
  /** Height of an anchored card, if it differs from its content's. */
  readonly height = input<number>();
  /** Large and centred; the full screen on phones. */
  readonly isRoomy = input(false);
  readonly closed = output();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    injectBackCloses(() => this.closed.emit());
    // The dialog is destroyed with its component, so the focus is restored by hand, unless it has moved meanwhile.
    const before = document.activeElement;
    const destroyed = inject(DestroyRef);
    destroyed.onDestroy(() =>
      setTimeout(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement)
          before.focus({ preventScroll: true });
      }),
    );
    afterNextRender(() => {
      const dialog = this.dialog().nativeElement;
      // Only the backdrop belongs to the dialog element; content covers the rest. Escape does the same by keyboard.
      dialog.addEventListener('click', (event) => {
        if (event.target === dialog) this.closed.emit();
      });
    });
    afterRenderEffect(() => {
      const dialog = this.dialog().nativeElement;
      const anchor = this.anchor();
      if (!dialog.open) {
        dialog.showModal();
        // Not its first field, which would open a phone's keyboard over the sheet.
        dialog.focus();
      }
      if (anchor) this.#place(dialog, anchor);
    });
    afterNextRender(() => {
      const dialog = this.dialog().nativeElement;
      const grown = new ResizeObserver(() => {
        const anchor = this.anchor();
        if (anchor) this.#place(dialog, anchor);
      });
      grown.observe(dialog);
      destroyed.onDestroy(() => grown.disconnect());
    });
  }

  #place(dialog: HTMLDialogElement, anchor: DOMRect): void {
    const size = { width: dialog.offsetWidth, height: this.height() ?? dialog.offsetHeight };
    const place = placeNear(anchor, size, { width: innerWidth, height: innerHeight });
    dialog.style.setProperty('--left', `${place.left}px`);
    dialog.style.setProperty('--top', `${place.top}px`);
  }

  protected cancelled(event: Event): void {
    event.preventDefault();
    this.closed.emit();
  }
}
