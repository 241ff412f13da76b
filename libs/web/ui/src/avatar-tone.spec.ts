import { avatarTone, avatarToneOf, initialOf } from './avatar-tone';

describe('avatarTone', () => {
  it('gives one user the same pastel every time', () => {
    expect(avatarTone('01900000-0000-7000-8000-000000000001')).toBe(avatarTone('01900000-0000-7000-8000-000000000001'));
  });

  it('uses every pastel among many users', () => {
    const tones = new Set(Array.from({ length: 200 }, (_, index) => avatarTone(`user-${index}`)));
    expect(tones.size).toBe(5);
  });

  it('is the chosen one, if any', () => {
    expect(avatarToneOf('user-1', 'rose')).toBe('brand-soft');
    expect(avatarToneOf('user-1', 'mint')).toBe('mint');
    expect(avatarToneOf('user-1', undefined)).toBe(avatarTone('user-1'));
  });
});

describe('initialOf', () => {
  it('takes the first grapheme', () => {
    expect(initialOf('小桃')).toBe('小');
    expect(initialOf(' leo')).toBe('L');
    expect(initialOf('👩‍👩‍👧 family')).toBe('👩‍👩‍👧');
  });

  it('returns a dot for an empty name', () => {
    expect(initialOf('  ')).toBe('·');
  });
});
