import { chooseLanguage } from './language-choice';

describe('chooseLanguage', () => {
  it('keeps what someone chose', () => {
    expect(chooseLanguage('zh-Hans', ['en-US'])).toBe('zh-Hans');
    expect(chooseLanguage('klingon', ['en-US'])).toBe('en');
  });

  it('takes the first of the browser’s languages that there is', () => {
    expect(chooseLanguage(undefined, ['de-DE', 'zh-TW', 'en'])).toBe('zh-Hant');
    expect(chooseLanguage(undefined, ['fr', 'en-GB'])).toBe('en');
    expect(chooseLanguage(undefined, ['fr'])).toBe('en');
  });

  it('tells the two Chinese scripts apart by script, then by place', () => {
    expect(chooseLanguage(undefined, ['zh-HK'])).toBe('zh-Hant');
    expect(chooseLanguage(undefined, ['zh-Hant-SG'])).toBe('zh-Hant');
    expect(chooseLanguage(undefined, ['zh-Hans-TW'])).toBe('zh-Hans');
    expect(chooseLanguage(undefined, ['zh'])).toBe('zh-Hans');
    expect(chooseLanguage(undefined, ['zh-CN'])).toBe('zh-Hans');
  });
});
