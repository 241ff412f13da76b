import { insertFilter, invalidFilterOf, normalizeQuery } from './search-text';

describe('normalizeQuery', () => {
  it('is what was typed, without what surrounds it', () => {
    expect(normalizeQuery('  上海  週末 ')).toBe('上海 週末');
    expect(normalizeQuery('from:me has:link')).toBe('from:me has:link');
    expect(normalizeQuery('   ')).toBe('');
  });

  it('leaves out filters that have no value yet', () => {
    expect(normalizeQuery('hello from:')).toBe('hello');
    expect(normalizeQuery('from: hello')).toBe('hello');
    expect(normalizeQuery('in:')).toBe('');
  });

  it('waits for a day and for a word to be written to their end', () => {
    expect(normalizeQuery('hello before:2026-0')).toBe('hello');
    expect(normalizeQuery('hello has:l')).toBe('hello');
    expect(normalizeQuery('hello has:link')).toBe('hello has:link');
    expect(normalizeQuery('before:2026-01-31')).toBe('before:2026-01-31');
  });

  it('asks about what is wrong, so that somebody says so', () => {
    expect(normalizeQuery('before:yesterday')).toBe('before:yesterday');
    expect(normalizeQuery('before:2026-0 hello')).toBe('before:2026-0 hello');
    expect(normalizeQuery('has:hat')).toBe('has:hat');
  });

  it('closes a quote that is still open, and forgets one without words', () => {
    expect(normalizeQuery('"good mor')).toBe('"good mor"');
    expect(normalizeQuery('hello "')).toBe('hello');
    expect(normalizeQuery('"good morning" all')).toBe('"good morning" all');
  });
});

describe('invalidFilterOf', () => {
  it('names the filter that cannot be right', () => {
    expect(invalidFilterOf('hello before:yesterday')).toBe('date');
    expect(invalidFilterOf('after:2026-13-45')).toBe('date');
    expect(invalidFilterOf('has:hat')).toBe('has');
    expect(invalidFilterOf('after:2026-01-31 from:')).toBe('query');
    expect(invalidFilterOf('"has:hat"')).toBe('query');
  });
});

describe('insertFilter', () => {
  it('puts a filter where the caret is, and the caret where its value belongs', () => {
    expect(insertFilter('', 0, 'from:')).toEqual({ text: 'from:', caret: 5 });
    expect(insertFilter('hello', 5, 'from:')).toEqual({ text: 'hello from:', caret: 11 });
    expect(insertFilter('hello ', 6, '""')).toEqual({ text: 'hello ""', caret: 7 });
    expect(insertFilter('hello', 0, 'in:')).toEqual({ text: 'in: hello', caret: 3 });
  });

  it('goes on behind one that is whole', () => {
    expect(insertFilter('', 0, 'has:link')).toEqual({ text: 'has:link ', caret: 9 });
    expect(insertFilter('a b', 2, 'has:pin')).toEqual({ text: 'a has:pin b', caret: 10 });
  });
});
