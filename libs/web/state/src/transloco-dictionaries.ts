import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { provideTransloco, type Translation, type TranslocoLoader } from '@jsverse/transloco';
import type { Dictionary } from './dictionaries/dictionary';
import { languages, type LanguageCode } from './language-choice';

const dictionaries: Record<LanguageCode, () => Promise<Dictionary>> = {
  'zh-Hant': async () => (await import('./dictionaries/zh-hant')).zhHant,
  'zh-Hans': async () => (await import('./dictionaries/zh-hans')).zhHans,
  en: async () => (await import('./dictionaries/en')).en,
};

class DictionaryLoader implements TranslocoLoader {
  async getTranslation(language: string): Promise<Translation> {
    return { ...(await dictionaries[language as LanguageCode]()) };
  }
}

/** Provides translations in three languages; only the active one is loaded. */
export function provideDictionaries(): EnvironmentProviders {
  return makeEnvironmentProviders([
    provideTransloco({
      config: {
        availableLangs: languages.map(({ code }) => code),
        defaultLang: 'en',
        reRenderOnLangChange: true,
        prodMode: true,
      },
      loader: DictionaryLoader,
    }),
  ]);
}
