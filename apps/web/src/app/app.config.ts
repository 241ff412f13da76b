import { inject, provideAppInitializer, provideZonelessChangeDetection, type ApplicationConfig } from '@angular/core';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import type { Client } from '@cloudhop/sdk';
import { NewsStarter } from '@cloudhop/web/conversation';
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
import { routes } from './routes';

/** The application around a client. */
export function appConfig(client: Client): ApplicationConfig {
  return {
    providers: [
      provideZonelessChangeDetection(),
      provideRouter(routes, withComponentInputBinding()),
      provideDictionaries(),
      { provide: CLIENT, useValue: client },
      provideAppInitializer(() => {
        inject(Theme);
        inject(Layout);
        inject(PageTitle);
        inject(Favicon);
        inject(IdleWatch);
        inject(NewsStarter);
        return inject(Language).start();
      }),
    ],
  };
}
