import { ErrorHandler, Injectable, Injector, effect, inject, type ProviderToken } from '@angular/core';
import { ClientStore, NotificationPreference } from '@cloudhop/web/state';

/** Loads in-app notifications once connected, and browser notifications once they are turned on. */
@Injectable({ providedIn: 'root' })
export class NotificationStarter {
  readonly #injector = inject(Injector);
  readonly #errors = inject(ErrorHandler);

  constructor() {
    const store = inject(ClientStore);
    const choice = inject(NotificationPreference);
    const inside = effect(() => {
      if (store.connection().phase !== 'live') return;
      inside.destroy();
      void this.#start(async () => (await import('./in-app-notifications')).InAppNotifications);
    });
    const outside = effect(() => {
      if (!choice.isOn() && !choice.hasSound()) return;
      outside.destroy();
      void this.#start(async () => (await import('./browser-notifications')).BrowserNotifications);
    });
  }

  async #start(load: () => Promise<ProviderToken<unknown>>): Promise<void> {
    try {
      this.#injector.get(await load());
    } catch (error) {
      this.#errors.handleError(error);
    }
  }
}
