import fc from 'fast-check';
import { splitExcerpt } from './split-excerpt';

describe('splitExcerpt', () => {
  it('cuts a text at its marks', () => {
    expect(splitExcerpt('…週末去上海', [{ from: 4, to: 6 }])).toEqual([
      { text: '…週末去', isMarked: false },
      { text: '上海', isMarked: true },
    ]);
    expect(splitExcerpt('abc', [])).toEqual([{ text: 'abc', isMarked: false }]);
  });

  it('loses and repeats nothing, whatever the marks are', () => {
    const mark = fc.record({ from: fc.nat(40), to: fc.nat(40) });
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.array(mark, { maxLength: 6 }), (text, marks) => {
        const pieces = splitExcerpt(text, marks);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        expect(pieces.every((piece) => piece.text !== '')).toBe(true);
        let at = 0;
        for (const piece of pieces) {
          for (let index = at; index < at + piece.text.length; index++)
            expect(marks.some(({ from, to }) => from <= index && index < to)).toBe(piece.isMarked);
          at += piece.text.length;
        }
      }),
    );
  });
});
