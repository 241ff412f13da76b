import { fetchAllPages } from './fetch-all-pages';

test('asks until a page says that it is the last one, and keeps the order', async () => {
  const pages = [
    { items: [1, 2], users: [], nextCursor: 'a' },
    { items: [3], users: [], nextCursor: 'b' },
    { items: [4], users: [] },
  ];
  const asked: unknown[] = [];
  const all = await fetchAllPages(({ query }) => {
    asked.push(query);
    return Promise.resolve(pages[asked.length - 1]!);
  });
  expect(all).toEqual({ items: [1, 2, 3, 4], users: [] });
  expect(asked).toEqual([{}, { cursor: 'a' }, { cursor: 'b' }]);
});
