import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Theme } from '@cloudhop/web/state';
import { Icon, Mascot, injectTranslate, type IconName } from '@cloudhop/web/ui';

interface Door {
  path: string;
  icon: IconName;
  label: string;
}

/** The frame around every screen: the doors, in a rail on large screens and a bar below on phones. */
@Component({
  selector: 'app-root',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, Mascot, RouterLink, RouterLinkActive, RouterOutlet],
  templateUrl: './app.html',
  styleUrl: './app.css',
  host: { class: 'viewport' },
})
export class App {
  protected readonly theme = inject(Theme);
  protected readonly t = injectTranslate();
  /** The places that exist, each with an address. */
  protected readonly doors: readonly Door[] = [{ path: '/lobby', icon: 'cloud', label: 'lobby.title' }];

  protected skip(event: Event): void {
    event.preventDefault();
    document.querySelector<HTMLElement>('main textarea, main input')?.focus();
  }
}
