import { DOCUMENT, Injectable, computed, effect, inject } from '@angular/core';
import { ClientStore } from './client-store';

/** Icon of the tab, with the unread count drawn into it. */
@Injectable({ providedIn: 'root' })
export class Favicon {
  readonly #link = inject(DOCUMENT).querySelector<HTMLLinkElement>('link[rel=icon][type="image/svg+xml"]');
  readonly #plain = this.#link?.href ?? '';
  readonly #mark: () => string;
  #drawing: Promise<string> | undefined;

  constructor() {
    const store = inject(ClientStore);
    this.#mark = computed(() => iconMark(store.badge()));
    effect(() => void this.#show(this.#mark()));
  }

  async #show(mark: string): Promise<void> {
    if (!this.#link) return;
    const icon = mark === '' ? this.#plain : await this.#badged(mark);
    // The mark may have changed while the icon was drawn.
    if (mark === this.#mark() && this.#link.href !== icon) this.#link.href = icon;
  }

  async #badged(mark: string): Promise<string> {
    try {
      this.#drawing ??= load(this.#plain);
      return badgedIcon(await this.#drawing, mark);
    } catch {
      // Offline the plain icon stays; the title shows the number.
      this.#drawing = undefined;
      return this.#plain;
    }
  }
}

async function load(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The icon answered ${response.status}.`);
  return response.text();
}

/** Returns the mark for a tab's icon, which has room for one digit: "9+" for more. */
export function iconMark(count: number): string {
  return count <= 0 ? '' : count > 9 ? '9+' : String(count);
}

/** Returns the icon, an SVG of 160 units, with the mark in a corner. */
export function badgedIcon(svg: string, mark: string): string {
  const size = mark.length > 1 ? 54 : 74;
  const badge =
    '<circle cx="104" cy="104" r="50" fill="#b8255a" stroke="#fff" stroke-width="8"/>' +
    `<text x="104" y="${104 + size * 0.36}" fill="#fff" font-family="system-ui,sans-serif" font-weight="800" ` +
    `font-size="${size}" text-anchor="middle">${mark}</text>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.replace(/<\/svg>\s*$/, `${badge}</svg>`))}`;
}
