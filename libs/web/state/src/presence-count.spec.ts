import { en } from './dictionaries/en';
import { zhHans } from './dictionaries/zh-hans';
import { zhHant } from './dictionaries/zh-hant';
import { presenceCount } from './presence-count';

const fill = (text: string, count: string) => text.replace('{{count}}', count);

it.each([
  [en, 'at least 1,200 people online', 'Online · at least 1,200', 'at least 1,200 here'],
  [zhHant, '至少 1,200 人在線上', '線上 · 至少 1,200', '至少 1,200 人在這裡'],
  [zhHans, '至少 1,200 人在线', '在线 · 至少 1,200', '至少 1,200 人在这里'],
])('a count that may be too low says so in every place', (words, ...expected) => {
  const count = presenceCount((_key, { count = '' }) => fill(words.presence.atLeast, count), '1,200', true);
  const texts = [words.lobby.online.other, words.people.online, words.rooms.here];
  expect(texts.map((text) => fill(text, count))).toEqual(expected);
  expect(presenceCount(() => '', '1,200', false)).toBe('1,200');
});
