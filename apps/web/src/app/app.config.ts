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

/** Milliseconds: what is on the screen comes first. */
const screensAfterMs = 4_000;

/** The application around a client. */
export function appConfig(client: Client): ApplicationConfig {
  return {
    providers: [
      provideZonelessChangeDetection(),
      provideRouter(
        routes,
        withComponentInputBinding(),
        // As a rule the screen's code could not be loaded: there is no connection, or a newer version took its place.
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
