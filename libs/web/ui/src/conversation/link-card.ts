import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { LinkPreview } from '@cloudhop/contracts';

/** What a linked page says of itself, as the server read it: words only, nothing is loaded from there. */
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
      <!-- Where it leads is no matter of what a page says of itself. -->
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
