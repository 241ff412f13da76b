import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { PRIMARY_OUTLET, Router, RouterLink, RouterOutlet } from '@angular/router';
import { Badges, Theme } from '@cloudhop/web/state';
import { CountBadge, Icon, Mascot, ToastOutlet, injectTranslate, type IconName } from '@cloudhop/web/ui';
import { Overlays } from './overlays';

interface NavigationItem {
  path: string;
  /** Path of a place that belongs to this item although its address begins differently. */
  inside?: string;
  icon: IconName;
  label: string;
  /** Unread count, and the key of its text. */
  count?: () => number;
  counted?: string;
}

/** Frame around every screen, with the navigation: a rail on large screens, a bar at the bottom on phones. */
@Component({
  selector: 'app-root',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CountBadge, Icon, Mascot, Overlays, RouterLink, RouterOutlet, ToastOutlet],
  templateUrl: './app.html',
  styleUrl: './app.css',
  host: { class: 'viewport' },
})
export class App {
  protected readonly theme = inject(Theme);
  protected readonly t = injectTranslate();
  readonly #badges = inject(Badges);
  readonly #router = inject(Router);
  /** First segment of the address. */
  protected readonly place = computed(() => {
    const tree = this.#router.lastSuccessfulNavigation()?.finalUrl;
    return `/${tree?.root.children[PRIMARY_OUTLET]?.segments[0]?.path ?? ''}`;
  });
  /** Items of the navigation, each with an address. */
  protected readonly items: readonly NavigationItem[] = [
    { path: '/lobby', icon: 'cloud', label: 'lobby.title' },
    {
      path: '/rooms',
      inside: '/r',
      icon: 'rooms',
      label: 'rooms.title',
      count: this.#badges.rooms,
      counted: 'rooms.waiting',
    },
    { path: '/chats', icon: 'chats', label: 'chats.title', count: this.#badges.chats, counted: 'app.unread' },
    { path: '/friends', icon: 'heart', label: 'friends.title', count: this.#badges.requests, counted: 'app.requests' },
  ];

  protected skip(event: Event): void {
    event.preventDefault();
    document.querySelector<HTMLElement>('main textarea, main input, main a, main button')?.focus();
  }
}
