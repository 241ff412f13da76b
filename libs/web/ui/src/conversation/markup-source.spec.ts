import { loadedMarkup, plainOf } from './markup-source';

const mentionOf = (key: string) => (key === 'momo' ? { userId: '7', name: 'Momo Lin', isMe: false } : undefined);

test('a line shows mentions by current names, but not in addresses or code', async () => {
  expect(plainOf('hi @momo and @nobody', mentionOf)).toBe('hi @Momo Lin and @nobody');
  expect(plainOf('hi @momo')).toBe('hi @momo');
  while (!loadedMarkup()) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(plainOf('**hi @momo** `@momo` [@momo](https://a.com) https://a.com/@momo', mentionOf)).toBe(
    'hi @Momo Lin @momo @momo https://a.com/@momo',
  );
});
