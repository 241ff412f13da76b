import { unsupportedReason } from './connect';

test.each([
  [160_009, 'UTF8', 'PostgreSQL 16 is too old: use 17 or newer.'],
  [90_624, 'UTF8', 'PostgreSQL 9 is too old: use 17 or newer.'],
  [
    180_000,
    'SQL_ASCII',
    "The database of DATABASE_URL has the encoding SQL_ASCII and can't hold every text: create one with encoding 'UTF8'.",
  ],
])('PostgreSQL %i with %s is refused with one sentence', (version, encoding, sentence) => {
  expect(unsupportedReason({ version, encoding })).toBe(sentence);
});

test.each([170_000, 180_004, 190_000])('PostgreSQL %i with UTF-8 is fine', (version) => {
  expect(unsupportedReason({ version, encoding: 'UTF8' })).toBeUndefined();
});
