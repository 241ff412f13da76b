import * as fc from 'fast-check';
import { roomNameKey, slugOf } from './room-names';
import { RoomKey, Slug } from './slugs';
import { Title } from '../text/text-schema';

test('the slug that is made of any name is one that could be chosen, and finds itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }), (typed) => {
      const name = Title.safeParse(typed);
      if (!name.success) return;
      const slug = slugOf(name.data);
      if (slug === '') return;
      expect(Slug.parse(slug)).toBe(slug);
      expect(RoomKey.parse(slug)).toBe(slug);
      expect(slugOf(slug)).toBe(slug);
    }),
    { numRuns: 2_000 },
  );
});

test('names of every language make slugs', () => {
  expect(slugOf('週末 爬山！')).toBe('週末-爬山');
  expect(slugOf('  Ｗeekend — Hiking  ')).toBe('weekend-hiking');
  expect(slugOf('gen\u200beral')).toBe('gen-eral');
  expect(slugOf('🌷🌷')).toBe('');
  expect(slugOf('01900000-0000-7000-8000-000000000001')).not.toContain('-');
});

test('what shows as nothing does not tell two names apart', () => {
  expect(roomNameKey('gen\u200beral')).toBe('general');
  expect(roomNameKey(' ＧENERAL\u3164 ')).toBe('general');
});

test('a slug is letters and digits with single hyphens, and no id', () => {
  for (const slug of [
    '',
    '-a',
    'a-',
    'a--b',
    'a b',
    'a/b',
    '..',
    'x'.repeat(65),
    'a\u202eb',
    '01900000-0000-7000-8000-000000000001',
  ])
    expect([slug, Slug.safeParse(slug).success]).toEqual([slug, false]);
});
