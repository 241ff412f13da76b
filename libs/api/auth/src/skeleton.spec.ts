import { Username, usernameKey } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import confusables from 'unhomoglyph/data.json';
import { looksOf, skeletonOf } from './skeleton';

const table = Object.entries(confusables as Record<string, string>);

function areAlike(one: string, other: string): boolean {
  const looks = looksOf(one);
  return looksOf(other).some((look) => looks.includes(look));
}

test.each([
  ['paypaI', 'paypal'],
  ['PAYPAL', 'paypaI'],
  ['cIoudhop', 'cloudhop'],
  ['MOMO', 'momo'],
  ['МОМО', 'MOMO'],
  ['МОМО', 'momo'],
  ['rnomo', 'momo'],
  ['b0ss', 'boss'],
  ['Iiam', 'liam'],
  ['1iam', 'Iiam'],
  ['İris', 'iris'],
  ['mo_mo', 'mo_mo'],
])('%s looks like %s', (one, other) => expect([areAlike(one, other), areAlike(other, one)]).toEqual([true, true]));

test.each([
  ['momo', 'nono'],
  ['иван', 'ivan'],
  ['小桃', '小杏'],
  ['ñandu', 'nandu'],
  ['a.b', 'ab'],
  ['iris', 'lrls'],
])('%s does not look like %s', (one, other) => expect(areAlike(one, other)).toBe(false));

test('every pair of the table of confusables looks alike, wherever it stands in a name and in either case', () => {
  const rest = fc.string({ unit: fc.constantFrom(...'abz09'), minLength: 1, maxLength: 4 });
  const missed: string[] = [];
  fc.assert(
    fc.property(rest, rest, (before, after) => {
      for (const [source, target] of table) {
        // What is stored, and so shown, is in NFKC.
        if (source !== source.normalize('NFKC')) continue;
        const [one, other] = [before + source + after, before + target + after].map((name) => name.normalize('NFKC'));
        if (![one, other].every((name) => Username.safeParse(name).success)) continue;
        if (!areAlike(one!, other!)) missed.push(`${source} ${target}`);
        // An upper case letter is another one, and its lower case shows where names are compared.
        if (usernameKey(one!.toUpperCase()) === usernameKey(one!) && !areAlike(one!.toUpperCase(), one!))
          missed.push(`upper ${source}`);
      }
    }),
    { numRuns: 5 },
  );
  expect([...new Set(missed)]).toEqual([]);
});

test('a name looks like itself in every case and width, and what looked alike before does so now', () => {
  const characters = fc.constantFrom(...'aIl1O0omMWwЯаМʍéİßſﬁ小ㄅ_-.', ...table.map(([source]) => source));
  fc.assert(
    fc.property(
      fc.string({ unit: characters, maxLength: 12 }),
      fc.string({ unit: characters, maxLength: 3 }),
      (a, b) => {
        expect(areAlike(a, a.normalize('NFKC'))).toBe(true);
        expect(areAlike(a, usernameKey(a))).toBe(true);
        if (skeletonOf(a) === skeletonOf(b)) expect(areAlike(a, b)).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});
