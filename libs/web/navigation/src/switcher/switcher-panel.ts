import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { Router } from '@angular/router';
import { ClientStore, errorBodyOf } from '@cloudhop/web/state';
import { Toasts, bidiIsolate, injectTranslate } from '@cloudhop/web/ui';
import { SearchOverlay } from '../search-overlay';
import { SwitcherItemList } from './switcher-item-list';
import { matchSwitcherItems, parseUsername, type SwitcherItem } from './match-switcher-items';
import { SwitcherItems } from './switcher-items';

/** Maximum number of items; typing narrows the list. */
const maxItems = 50;

/** Content of the quick switcher. */
@Component({
  selector: 'ch-switcher-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [SwitcherItemList],
  template: `
    <ch-switcher-item-list
      [(typed)]="typed"
      [shown]="shown()"
      [label]="t('switcher.title')"
      [field]="t('switcher.field')"
      (picked)="go($event)"
    />
  `,
})
export class SwitcherPanel {
  readonly gone = output();
  protected readonly t = injectTranslate();
  readonly #store = inject(ClientStore);
  readonly #router = inject(Router);
  readonly #items = inject(SwitcherItems);
  readonly #toasts = inject(Toasts);
  readonly #search = inject(SearchOverlay);

  protected readonly typed = signal('');
  protected readonly shown = computed((): readonly SwitcherItem[] => {
    const found = matchSwitcherItems([...this.#items.all(), ...this.#screens()], this.typed()).slice(0, maxItems);
    const text = this.typed().trim();
    if (text === '') return found;
    const username = parseUsername(text);
    const find: SwitcherItem = {
      key: 'find',
      name: this.t('switcher.find', { name: username ?? '' }),
      icon: 'person',
      to: { link: ['/u', username ?? ''] },
    };
    const search: SwitcherItem = {
      key: 'search',
      name: this.t('search.forText', { text: bidiIsolate(text) }),
      icon: 'search',
      to: { search: text },
    };
    return [...found, ...(username === undefined ? [] : [find]), search];
  });

  protected async go({ to }: SwitcherItem): Promise<void> {
    this.gone.emit();
    if ('search' in to) return this.#search.show({ text: to.search });
    try {
      const link = 'link' in to ? to.link : ['/chats', await this.#store.act.openDirect(to.userId)];
      await this.#router.navigate([...link]);
    } catch (error) {
      this.#toasts.show({ text: this.t(`errors.${errorBodyOf(error).code}`) });
    }
  }

  #screens(): SwitcherItem[] {
    return [
      { key: 'lobby', name: this.t('lobby.title'), icon: 'cloud', to: { link: ['/lobby'] } },
      { key: 'chats', name: this.t('chats.title'), icon: 'chats', to: { link: ['/chats'] } },
      { key: 'rooms', name: this.t('rooms.title'), icon: 'rooms', to: { link: ['/rooms'] } },
      { key: 'friends', name: this.t('friends.title'), icon: 'heart', to: { link: ['/friends'] } },
      { key: 'settings', name: this.t('settings.title'), icon: 'settings', to: { link: ['/settings'] } },
    ];
  }
}
