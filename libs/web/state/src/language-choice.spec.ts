import { chooseLanguage } from './language-choice';

describe('chooseLanguage', () => {
  it('keeps the chosen language', () => {
    expect(chooseLanguage('zh-Hans', ['en-US'])).toBe('zh-Hans');
    expect(chooseLanguage('klingon', ['en-US'])).toBe('en');
  });

  it('takes the first supported language of the browser', () => {
    expect(chooseLanguage(undefined, ['de-DE', 'zh-TW', 'en'])).toBe('zh-Hant');
    expect(chooseLanguage(undefined, ['fr', 'en-GB'])).toBe('en');
    expect(chooseLanguage(undefined, ['fr'])).toBe('en');
  });

  it('distinguishes the two Chinese scripts by script, then by region', () => {
    expect(chooseLanguage(undefined, ['zh-HK'])).toBe('zh-Hant');
    expect(chooseLanguage(undefined, ['zh-Hant-SG'])).toBe('zh-Hant');
    expect(chooseLanguage(undefined, ['zh-Hans-TW'])).toBe('zh-Hans');
    expect(chooseLanguage(undefined, ['zh'])).toBe('zh-Hans');
    expect(chooseLanguage(undefined, ['zh-CN'])).toBe('zh-Hans');
  });
});
