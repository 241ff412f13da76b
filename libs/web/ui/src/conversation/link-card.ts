import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { LinkPreview } from '@cloudhop/contracts';

/** Preview card of a linked page: text that the server read. Nothing is loaded from that page. */
@Component({
  selector: 'ch-link-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <a
      [href]="preview().url"
      target="_blank"
      rel="noopener noreferrer nofollow"
      [attr.tabindex]="isReachable() ? 0 : -1"
    >
      <!-- The host comes from the link, not from the page's own description. -->
      <span class="site">
        <bdi>{{ host() }}</bdi>
        @if (preview().site; as site) {
          · <bdi>{{ site }}</bdi>
        }
      </span>
      <bdi class="title">{{ preview().title }}</bdi>
      @if (preview().description; as description) {
        <bdi class="description">{{ description }}</bdi>
      }
    </a>
  `,
  styles: `
    :host {
      display: block;
      clear: both;
      margin: 6px 0 2px;
    }
    a {
      display: grid;
      gap: 1px;
      max-width: 440px;
      padding: 7px 12px 9px;
      border: 1px solid color-mix(in srgb, var(--text) 12%, transparent);
      border-radius: 12px;
      background: color-mix(in srgb, var(--surface) 55%, transparent);
      color: var(--text);
      font-size: 0.92em;
      line-height: 1.4;
      text-decoration: none;
    }
    a:hover {
      border-color: var(--brand);
    }
    .site {
      overflow: hidden;
      color: var(--muted);
      font-size: 0.9em;
      font-weight: 700;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .title {
      font-weight: 800;
      overflow-wrap: anywhere;
    }
    .description {
      display: -webkit-box;
      overflow: hidden;
      color: var(--muted);
      overflow-wrap: anywhere;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 3;
    }
  `,
})
export class LinkCard {
  readonly preview = input.required<LinkPreview>();
  readonly isReachable = input(false);
  protected readonly host = computed(() => new URL(this.preview().url).host);
}
