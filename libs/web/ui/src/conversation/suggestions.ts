import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterRenderEffect,
  input,
  output,
  viewChild,
} from '@angular/core';
import type { AvatarColor } from '@cloudhop/contracts';
import { Avatar } from '../avatar';
import { injectTranslate } from '../translate';

/** Suggestion that completes the input. */
export interface Suggestion {
  key: string;
  /** Text to insert, including the sign. */
  insert: string;
  label: string;
  detail?: string;
  /** The emoji itself. */
  sign?: string;
  avatar?: { seed: string; initial: string; color?: AvatarColor };
}

/** List of suggestions above the field. The focus stays in the field, whose keys move the active line. */
@Component({
  selector: 'ch-suggestions',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar],
  template: `
    <div #list id="ch-suggestions" role="listbox" [attr.aria-label]="t('suggest.label')">
      @for (suggestion of suggestions(); track suggestion.key; let index = $index) {
        <div
          role="option"
          tabindex="-1"
          [id]="'ch-suggestion-' + index"
          [class.active]="index === active()"
          [attr.aria-selected]="index === active()"
          (pointerdown)="$event.preventDefault()"
          (click)="picked.emit(suggestion)"
          (keydown.enter)="picked.emit(suggestion)"
        >
          @if (suggestion.avatar; as avatar) {
            <ch-avatar [seed]="avatar.seed" [name]="avatar.initial" [color]="avatar.color" />
          } @else {
            <span class="sign" aria-hidden="true">{{ suggestion.sign }}</span>
          }
          <bdi>{{ suggestion.label }}</bdi>
          @if (suggestion.detail) {
            <span class="detail">{{ suggestion.detail }}</span>
          }
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      margin: 0 6px 6px;
    }
    [role='listbox'] {
      max-height: min(264px, 34dvh);
      padding: 6px;
      border: 1px solid var(--line);
      border-radius: 20px;
      background: var(--surface);
      box-shadow: var(--shadow);
      overflow: hidden auto;
    }
    [role='option'] {
      --avatar: 30px;
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 42px;
      padding: 3px 10px;
      border-radius: 14px;
      cursor: pointer;
    }
    .active {
      background: var(--brand-soft);
    }
    @media (hover: hover) {
      [role='option']:hover:not(.active) {
        background: var(--surface2);
      }
    }
    .sign {
      width: 30px;
      font-size: 1.45em;
      line-height: 1;
      text-align: center;
    }
    bdi {
      overflow: hidden;
      min-width: 0;
      font-weight: 700;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .detail {
      flex: none;
      margin-inline-start: auto;
      color: var(--muted);
      font-size: 0.87em;
    }
    @media (forced-colors: active) {
      .active {
        outline: 2px solid Highlight;
        outline-offset: -2px;
      }
    }
  `,
})
export class Suggestions {
  readonly suggestions = input.required<readonly Suggestion[]>();
  readonly active = input.required<number>();
  readonly picked = output<Suggestion>();
  protected readonly t = injectTranslate();
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  constructor() {
    afterRenderEffect(() => {
      const index = this.active();
      this.list().nativeElement.children[index]?.scrollIntoView({ block: 'nearest' });
    });
  }
}
