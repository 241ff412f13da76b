/** Languages of the page, each by its own name. */
export const languages = [
  { code: 'zh-Hant', name: '繁體中文' },
  { code: 'zh-Hans', name: '简体中文' },
  { code: 'en', name: 'English' },
] as const;
export type LanguageCode = (typeof languages)[number]['code'];

/** Returns the page's language: the chosen one, else the first supported one of the browser's, else English. */
export function chooseLanguage(chosen: string | undefined, preferred: readonly string[]): LanguageCode {
  const remembered = languages.find(({ code }) => code === chosen);
  if (remembered) return remembered.code;
  for (const tag of preferred) {
    const [language = '', ...parts] = tag.toLowerCase().split('-');
    if (language === 'en') return 'en';
    if (language !== 'zh') continue;
    if (parts.includes('hans')) return 'zh-Hans';
    return parts.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-Hant' : 'zh-Hans';
  }
  return 'en';
}
