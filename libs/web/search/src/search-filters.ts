import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { searchFilters, type SearchFilter } from './search-text';

/** Buttons that insert a search filter into the field. In brief mode the explanation becomes a tooltip. */
@Component({
  selector: 'ch-search-filters',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'group', '[attr.aria-label]': "t('search.narrow')", '[class.brief]': 'isBrief()' },
  template: `
    @for (filter of filters; track filter.typed) {
      <button
        type="button"
        [attr.title]="isBrief() ? t('search.filters.' + filter.words) : null"
        (pointerdown)="$event.preventDefault()"
        (click)="chosen.emit(filter.typed)"
      >
        <code>{{ filter.typed === '""' ? '" "' : filter.typed }}</code>
        <span [class.visually-hidden]="isBrief()">{{ t('search.filters.' + filter.words) }}</span>
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 2px;
    }
    :host(.brief) {
      display: flex;
      flex: none;
      gap: 6px;
      overflow: auto hidden;
      scrollbar-width: none;
    }
    button {
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 44px;
      padding: 2px 8px;
      border-radius: 14px;
      text-align: start;
    }
    :host(.brief) button {
      flex: none;
      min-height: 40px;
      padding: 0;
    }
    button:hover {
      background: var(--surface2);
    }
    :host(.brief) button:hover {
      background: none;
    }
    button:focus-visible {
      outline-offset: -3px;
    }
    code {
      flex: none;
      min-width: 90px;
      padding: 3px 12px;
      border: 1px solid var(--line);
      border-radius: var(--pill);
      background: var(--surface2);
      color: var(--brand-text);
      font: inherit;
      font-size: 0.93em;
      font-weight: 800;
      text-align: center;
      white-space: nowrap;
    }
    :host(.brief) code {
      min-width: 0;
      font-size: 0.87em;
    }
    :host(.brief) button:hover code {
      background: var(--brand-soft);
    }
    span {
      min-width: 0;
      color: var(--muted);
      font-size: 0.93em;
      line-height: 1.35;
    }
  `,
})
export class SearchFilters {
  readonly isBrief = input(false);
  readonly chosen = output<SearchFilter>();
  protected readonly t = injectTranslate();
  protected readonly filters = searchFilters;
}
