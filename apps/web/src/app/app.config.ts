import { PlatformLocation } from '@angular/common';
import { inject, provideAppInitializer, provideZonelessChangeDetection, type ApplicationConfig } from '@angular/core';
import { provideRouter, withComponentInputBinding, withNavigationErrorHandler } from '@angular/router';
import type { Client } from '@cloudhop/sdk';
import { NotificationStarter } from '@cloudhop/web/notifications';
import {
  CLIENT,
  Favicon,
  IdleWatch,
  Language,
  Layout,
  PageTitle,
  Theme,
  provideDictionaries,
} from '@cloudhop/web/state';
import { OverlayLocation, Toasts, injectTranslate } from '@cloudhop/web/ui';
import { loadScreens, routes } from './routes';

/** Delay before the other screens are loaded, in milliseconds: the current screen comes first. */
const screensAfterMs = 4_000;

/** Returns the providers of the application around a client. */
export function appConfig(client: Client): ApplicationConfig {
  return {
    providers: [
      provideZonelessChangeDetection(),
      provideRouter(
        routes,
        withComponentInputBinding(),
        // Usually the screen's code could not be loaded: no connection, or a newer release replaced it.
        withNavigationErrorHandler(() => inject(Toasts).show({ text: injectTranslate()('state.screenMissing') })),
      ),
      { provide: PlatformLocation, useClass: OverlayLocation },
      provideDictionaries(),
      { provide: CLIENT, useValue: client },
      provideAppInitializer(() => {
        inject(Theme);
        inject(Layout);
        inject(PageTitle);
        inject(Favicon);
        inject(IdleWatch);
        inject(NotificationStarter);
        setTimeout(() => void loadScreens().catch(() => undefined), screensAfterMs);
        return inject(Language).start();
      }),
    ],
  };
}
