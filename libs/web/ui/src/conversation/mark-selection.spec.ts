import * as fc from 'fast-check';
import { markOfKey, markSelection } from './mark-selection';

const apply = (text: string, start: number, end: number, mark: string) => {
  const { from, to, typed, selection } = markSelection(text, { start, end }, mark);
  return { text: text.slice(0, from) + typed + text.slice(to), ...selection };
};

test('markup is added around the selection, which stays selected', () => {
  expect(apply('so good', 3, 7, '**')).toEqual({ text: 'so **good**', start: 5, end: 9 });
  expect(apply('', 0, 0, '`')).toEqual({ text: '``', start: 1, end: 1 });
});

test('the same key again removes it', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '好', ' ', '`', '~') });
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), fc.constantFrom(...Object.values(markOfKey)), (text, a, b, mark) => {
      const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number];
      const once = apply(text, start, end, mark);
      expect(once.text.slice(once.start, once.end)).toBe(text.slice(start, end));
      // The first call removes existing markup.
      if (once.text.length < text.length) return;
      expect(apply(once.text, once.start, once.end, mark)).toEqual({ text, start, end });
    }),
  );
});

test('bold is not mistaken for italic', () => {
  expect(apply('**good**', 2, 6, '*').text).toBe('***good***');
});
