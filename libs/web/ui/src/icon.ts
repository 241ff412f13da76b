import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Strokes on a 24 × 24 grid, drawn for this product. */
const paths = {
  cloud: ['M7 18.5a4.3 4.3 0 0 1-.7-8.5 5.8 5.8 0 0 1 11.2 1.1 3.8 3.8 0 0 1-.3 7.4z'],
  settings: [
    'M12 8.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4z',
    'M12 3v2.2M12 18.8V21M3 12h2.2M18.8 12H21M5.6 5.6l1.6 1.6M16.8 16.8l1.6 1.6M18.4 5.6l-1.6 1.6M7.2 16.8l-1.6 1.6',
  ],
  moon: ['M19.8 14.3A8 8 0 0 1 9.7 4.2a8 8 0 1 0 10.1 10.1z'],
  flower: [
    'M12 9.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8z',
    'M12 9.6c-2.6-1.7-2.6-5.6 0-6.1 2.6.5 2.6 4.4 0 6.1zM14.3 11.3c.8-3 4.5-4.2 5.8-1.9.3 2.6-3.4 3.8-5.8 1.9zM13.4 13.9c3.1.2 5.4 3.3 3.6 5.3-2.4 1-4.7-2.1-3.6-5.3zM10.6 13.9c1.1 3.2-1.2 6.3-3.6 5.3-1.8-2 .5-5.1 3.6-5.3zM9.7 11.3c-2.4 1.9-6.1.7-5.8-1.9 1.3-2.3 5-1.1 5.8 1.9z',
  ],
  screen: ['M5.5 5h13a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z', 'M9 20h6M12 16.5V20'],
  people: [
    'M9 5a3.3 3.3 0 1 1 0 6.6A3.3 3.3 0 0 1 9 5z',
    'M2.8 19c.3-3.4 2.9-5 6.2-5s5.9 1.6 6.2 5',
    'M15.6 5.4a3.1 3.1 0 0 1 0 5.9M17.6 14.4c2.1.6 3.4 2.1 3.6 4.6',
  ],
  send: ['M4.5 5.2 20 12 4.5 18.8l2.4-6.8z', 'M6.9 12H13'],
  smile: [
    'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z',
    'M8.4 14.2c1.8 2.4 5.4 2.4 7.2 0',
    'M9.2 9.6v.5M14.8 9.6v.5',
  ],
  more: ['M6 12h.01M12 12h.01M18 12h.01'],
  copy: [
    'M9.5 8.5h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z',
    'M16 5.5a2 2 0 0 0-2-2H6.5a2 2 0 0 0-2 2V14a2 2 0 0 0 2 2',
  ],
  edit: ['M5 19l.9-3.9L15.8 5.2a1.9 1.9 0 0 1 2.7 0l.3.3a1.9 1.9 0 0 1 0 2.7L8.9 18.1z', 'M14 7l3 3'],
  trash: [
    'M4.5 7h15M9.5 7V5.5a1.5 1.5 0 0 1 1.5-1.5h2a1.5 1.5 0 0 1 1.5 1.5V7',
    'M6.5 7l.8 11.2a2 2 0 0 0 2 1.8h5.4a2 2 0 0 0 2-1.8L17.5 7',
    'M10.3 11v5M13.7 11v5',
  ],
  close: ['M6.5 6.5l11 11M17.5 6.5l-11 11'],
  check: ['M5 12.8l4.6 4.4L19 7.5'],
  down: ['M12 5v13M6.5 13l5.5 5.5 5.5-5.5'],
  search: ['M10.8 4.5a6.3 6.3 0 1 1 0 12.6 6.3 6.3 0 0 1 0-12.6z', 'M15.5 15.5l4.5 4.5'],
  warning: [
    'M12 4.2c.6 0 1.1.3 1.4.8l7 12.5c.6 1.1-.2 2.3-1.4 2.3H5c-1.2 0-2-1.2-1.4-2.3l7-12.5c.3-.5.8-.8 1.4-.8z',
    'M12 10v4M12 16.8v.1',
  ],
  offline: [
    'M7 18.5a4.3 4.3 0 0 1-.7-8.5 5.8 5.8 0 0 1 1.5-2.7M11 6a5.8 5.8 0 0 1 6.5 5.1 3.8 3.8 0 0 1 2.3 5.5',
    'M4 4l16 16',
  ],
  addReaction: [
    'M19.3 9.5a8 8 0 1 1-5.3-5.3',
    'M8.6 14c1.5 2 4.5 2 6 0',
    'M9.3 9.8v.4M14 9.8v.4',
    'M19 2.8v5M16.5 5.3h5',
  ],
} as const;

export type IconName = keyof typeof paths;

/** An icon in the colour of the text around it. Decorative: the control that holds it carries the name. */
@Component({
  selector: 'ch-icon',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `<svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linecap="round"
    stroke-linejoin="round"
    focusable="false"
  >
    @for (path of shapes(); track path) {
      <path [attr.d]="path" />
    }
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
    }
    svg {
      width: var(--icon, 22px);
      height: var(--icon, 22px);
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly shapes = computed(() => paths[this.name()]);
}
