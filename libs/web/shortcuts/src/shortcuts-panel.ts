import { ChangeDetectionStrategy, Component, ElementRef, afterNextRender, inject } from '@angular/core';
import { injectTranslate } from '@cloudhop/web/ui';
import { keyLabel, shortcutGroups, type KeyName } from './shortcut-list';

/** List of all keyboard shortcuts. */
@Component({
  selector: 'ch-shortcuts-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  // Focusable, so that keys scroll it.
  host: { tabindex: '0', role: 'region', '[attr.aria-label]': "t('keys.title')" },
  template: `
    <p>{{ t('keys.hint') }}</p>
    @for (group of groups; track group.group) {
      <section>
        <h3>{{ t('keys.groups.' + group.group) }}</h3>
        <dl>
          @for (row of group.shortcuts; track row.act) {
            <div>
              <dt>{{ t('keys.acts.' + row.act) }}</dt>
              <dd>
                @for (stroke of row.strokes; track $index; let isFirst = $first) {
                  @if (!isFirst) {
                    <span class="or">{{ t('keys.or') }}</span>
                  }
                  <span class="stroke">
                    @for (key of stroke; track key) {
                      <kbd>{{ faceOf(key) }}</kbd>
                    }
                  </span>
                }
              </dd>
            </div>
          }
        </dl>
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 18px;
      padding: 4px 20px 24px;
    }
    :host(:focus-visible) {
      outline: none;
    }
    p {
      color: var(--muted);
      font-size: 0.93em;
    }
    h3 {
      padding-bottom: 4px;
      color: var(--brand-text);
      font-size: 0.95em;
      font-weight: 900;
    }
    dl > div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 4px 16px;
      min-height: 44px;
      padding: 4px 0;
      border-bottom: 1px solid var(--line);
    }
    dl > div:last-child {
      border-bottom: 0;
    }
    dt {
      flex: 1 1 14em;
      min-width: 0;
    }
    dd,
    .stroke {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px;
    }
    .stroke {
      gap: 3px;
    }
    .or {
      color: var(--muted);
      font-size: 0.85em;
    }
    kbd {
      display: inline-grid;
      place-items: center;
      min-width: 30px;
      min-height: 30px;
      padding: 0 9px;
      border: 1px solid var(--line-strong);
      border-bottom-width: 3px;
      border-radius: 10px;
      background: var(--surface2);
      font: inherit;
      font-size: 0.87em;
      font-weight: 800;
    }
  `,
})
export class ShortcutsPanel {
  protected readonly t = injectTranslate();
  protected readonly groups = shortcutGroups;
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly #isMac = /Mac|iPhone|iPad/.test(navigator.platform);

  constructor() {
    afterNextRender(() => this.#host.nativeElement.focus({ preventScroll: true }));
  }

  protected faceOf(key: KeyName): string {
    const face = keyLabel(key, this.#isMac);
    return 'sign' in face ? face.sign : this.t(face.words);
  }
}
