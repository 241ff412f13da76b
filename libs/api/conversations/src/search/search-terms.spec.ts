import { folded } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { excerptOf } from './search-excerpt';
import { isMatch, parseQuery } from './search-query';
import { messageTerms, queryTerms, tokensOf } from './search-terms';

const ids = { conversationId: 'c', authorId: 'a', isPinned: false };

test('whatever is found in a text by looking has the terms that it is looked for by', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(40), fc.nat(40), (body, at, length) => {
      const part = body.slice(at, at + length);
      if (!part.isWellFormed() || !body.isWellFormed()) return;
      const tokens = tokensOf(folded(part));
      if (!isMatch(folded(body), { tokens, phrases: [] })) return;
      const terms = new Set(messageTerms({ ...ids, body }));
      expect(queryTerms(tokens).filter((term) => !terms.has(term))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('no text makes a query fail but by the contract’s error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 256 }), (q) => {
      try {
        parseQuery(q);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid' });
      }
    }),
    { numRuns: 2_000 },
  );
});

test('an excerpt is a part of the text, cut between characters, and marks what matched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.nat(400), (body, at) => {
      const tokens = tokensOf(folded(body.slice(at, at + 3)));
      const { text, marks } = excerptOf(body, { tokens, phrases: [] });
      expect(text.isWellFormed() || !body.isWellFormed()).toBe(true);
      expect(body).toContain(text.replace(/^…/, '').replace(/…$/, ''));
      let last = 0;
      for (const { from, to } of marks) {
        expect(from).toBeGreaterThanOrEqual(last);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(text.length);
        last = to;
      }
    }),
    { numRuns: 1_000 },
  );
});

test('marks stand where the writer typed, also where folding changes lengths', () => {
  const marked = (body: string, q: string) => {
    const { text, marks } = excerptOf(body, parseQuery(q));
    return marks.map(({ from, to }) => text.slice(from, to));
  };
  expect(marked('我們去ｶﾞﾗｽ館', 'ガラス')).toEqual(['ｶﾞﾗｽ']);
  expect(marked('株主は㍿です', '株式会社')).toEqual(['㍿']);
  expect(marked('ＨＥＬＬＯ world', 'hello')).toEqual(['ＨＥＬＬＯ']);
  expect(marked('上海上海', '上海')).toEqual(['上海上海']);
  expect(marked(`${'x '.repeat(200)}上海`, '上海')).toEqual(['上海']);
});
