import { searchEmoji } from './emoji-search';

const rabbit = { annotation: '兔子臉', tags: ['動物', '可愛'] };
const lucky = { annotation: '白兔', tags: ['動物'] };
const cake = { annotation: 'shortcake', tags: ['dessert', 'sweet'], shortcodes: ['cake'] };
const smile = { annotation: 'smiling face', tags: ['happy'], emoticon: ':)' };
const all = [lucky, rabbit, cake, smile];

describe('searchEmoji', () => {
  it('finds a single Chinese character anywhere, names that begin with it first', () => {
    expect(searchEmoji(all, '兔')).toEqual([rabbit, lucky]);
    expect(searchEmoji(all, '愛')).toEqual([rabbit]);
  });

  it('finds words by their beginning, by shortcode and by emoticon', () => {
    expect(searchEmoji(all, 'Cake')).toEqual([cake]);
    expect(searchEmoji(all, 'face')).toEqual([smile]);
    expect(searchEmoji(all, ':)')).toEqual([smile]);
  });

  it('ranks a shortcode above a tag', () => {
    const loving = { annotation: 'smiling face with hearts', tags: ['heart'] };
    const heart = { annotation: 'red heart', shortcodes: ['heart'] };
    expect(searchEmoji([loving, heart], 'heart')).toEqual([heart, loving]);
  });

  it('finds nothing for an empty query, and not everything for one letter', () => {
    expect(searchEmoji(all, '  ')).toEqual([]);
    expect(searchEmoji(all, 'k')).toEqual([]);
  });
});
