import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** Pill with text. `brand` is the one primary action of a place, `soft` any other. */
@Component({
  selector: 'button[chButton], a[chButton]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-look]': 'look()' },
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      justify-content: center;
      gap: 8px;
      min-height: 40px;
      padding: 8px 20px;
      border: 1px solid transparent;
      border-radius: var(--pill);
      background: var(--brand);
      color: var(--on-brand);
      font-weight: 800;
      line-height: 1.3;
      text-decoration: none;
      transition:
        background var(--quick) var(--ease),
        transform var(--quick) var(--ease);
    }
    :host(:hover:not(:disabled)) {
      background: var(--brand-strong);
    }
    :host(:active:not(:disabled)) {
      transform: scale(0.97);
    }
    :host([data-look='soft']) {
      border-color: var(--line);
      background: var(--surface);
      color: var(--text);
    }
    :host([data-look='soft']:hover:not(:disabled)) {
      background: var(--surface2);
    }
    :host([data-look='quiet']) {
      padding-inline: 12px;
      background: transparent;
      color: var(--brand-text);
    }
    :host([data-look='quiet']:hover:not(:disabled)) {
      background: var(--brand-soft);
    }
    :host(:disabled),
    :host([aria-disabled='true']) {
      background: var(--brand-soft);
      color: var(--muted);
    }
  `,
})
export class Button {
  readonly look = input<'brand' | 'soft' | 'quiet'>('brand');
}

/** Round button with only an icon; give it an aria-label. */
@Component({
  selector: 'button[chIconButton]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-grid;
      flex: none;
      place-items: center;
      width: 42px;
      height: 42px;
      border-radius: var(--pill);
      color: var(--muted);
      transition:
        background var(--quick) var(--ease),
        color var(--quick) var(--ease);
    }
    :host(:hover) {
      background: var(--brand-soft);
      color: var(--text);
    }
    :host([aria-expanded='true']),
    :host([aria-pressed='true']) {
      background: var(--brand-soft);
      color: var(--brand-text);
    }
  `,
})
export class IconButton {}
