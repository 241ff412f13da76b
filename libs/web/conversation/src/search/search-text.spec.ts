import { askableOf, withFilter, wrongFilterOf } from './search-text';

describe('askableOf', () => {
  it('is what was typed, without what surrounds it', () => {
    expect(askableOf('  上海  週末 ')).toBe('上海 週末');
    expect(askableOf('from:me has:link')).toBe('from:me has:link');
    expect(askableOf('   ')).toBe('');
  });

  it('leaves out filters that have no value yet', () => {
    expect(askableOf('hello from:')).toBe('hello');
    expect(askableOf('from: hello')).toBe('hello');
    expect(askableOf('in:')).toBe('');
  });

  it('waits for a day and for a word to be written to their end', () => {
    expect(askableOf('hello before:2026-0')).toBe('hello');
    expect(askableOf('hello has:l')).toBe('hello');
    expect(askableOf('hello has:link')).toBe('hello has:link');
    expect(askableOf('before:2026-01-31')).toBe('before:2026-01-31');
  });

  it('asks about what is wrong, so that somebody says so', () => {
    expect(askableOf('before:yesterday')).toBe('before:yesterday');
    expect(askableOf('before:2026-0 hello')).toBe('before:2026-0 hello');
    expect(askableOf('has:hat')).toBe('has:hat');
  });

  it('closes a quote that is still open, and forgets one without words', () => {
    expect(askableOf('"good mor')).toBe('"good mor"');
    expect(askableOf('hello "')).toBe('hello');
    expect(askableOf('"good morning" all')).toBe('"good morning" all');
  });
});

describe('wrongFilterOf', () => {
  it('names the filter that cannot be right', () => {
    expect(wrongFilterOf('hello before:yesterday')).toBe('date');
    expect(wrongFilterOf('after:2026-13-45')).toBe('date');
    expect(wrongFilterOf('has:hat')).toBe('has');
    expect(wrongFilterOf('after:2026-01-31 from:')).toBe('query');
    expect(wrongFilterOf('"has:hat"')).toBe('query');
  });
});

describe('withFilter', () => {
  it('puts a filter where the caret is, and the caret where its value belongs', () => {
    expect(withFilter('', 0, 'from:')).toEqual({ text: 'from:', caret: 5 });
    expect(withFilter('hello', 5, 'from:')).toEqual({ text: 'hello from:', caret: 11 });
    expect(withFilter('hello ', 6, '""')).toEqual({ text: 'hello ""', caret: 7 });
    expect(withFilter('hello', 0, 'in:')).toEqual({ text: 'in: hello', caret: 3 });
  });

  it('goes on behind one that is whole', () => {
    expect(withFilter('', 0, 'has:link')).toEqual({ text: 'has:link ', caret: 9 });
    expect(withFilter('a b', 2, 'has:pin')).toEqual({ text: 'a has:pin b', caret: 10 });
  });
});
